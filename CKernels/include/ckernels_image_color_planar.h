#pragma once
#include <stddef.h>
#include <stdint.h>

/// Y'CbCr of video (BT.601, 16...235) to pixels of `dcn` channels. Chroma is shared by 2 x 2 pixels: `u` and `v` point to the
/// first sample of each, `chroma_step` bytes lie between samples (1 planar, 2 interleaved) and `chroma_row(i)` = i *
/// chroma_stride bytes between rows. Width and height are even.
void ck_image_from_yuv420(const uint8_t *y, const uint8_t *u, const uint8_t *v, int chroma_step, size_t chroma_stride,
                          uint8_t *dst, int dcn, int blue, size_t width, size_t height);

/// The same with chroma shared by two pixels of a row, interleaved: in 4 bytes of two pixels, luma is at `y0` and `y0` + 2,
/// chroma at `u0` and `v0`.
void ck_image_from_yuv422(const uint8_t *src, int y0, int u0, int v0, uint8_t *dst, int dcn, int blue, size_t n);

/// Luma of interleaved 4:2:2.
void ck_image_luma_of_yuv422(const uint8_t *src, int y0, uint8_t *dst, size_t n);

/// Pixels to planes of Y', and of chroma taken at the upper left pixel of every 2 x 2. Width and height are even.
void ck_image_to_yuv420(const uint8_t *src, int scn, int blue, uint8_t *y, uint8_t *u, uint8_t *v, size_t width, size_t height);
