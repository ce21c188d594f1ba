#pragma once
#include <stddef.h>
#include <stdint.h>

/// PNG (libpng), JPEG (libjpeg-turbo), WebP (libwebp) and BMP from memory to memory and back, rows without gaps.
///
/// Every function returns a `ci_status` and, when it is not `CI_OK`, the codec's words in `message` (ended by a zero).
/// Nothing is printed, nothing is kept between calls, any thread may call.

typedef enum { CI_OK, CI_DAMAGED, CI_TOO_LARGE, CI_OUT_OF_MEMORY, CI_UNSUPPORTED } ci_status;

/// The order of the bytes of a pixel; gray has one.
typedef enum { CI_GRAY, CI_RGB, CI_RGBA, CI_BGR, CI_BGRA } ci_format;

enum { CI_MESSAGE_BYTES = 200 };

typedef struct {
  uint32_t width, height;
  /// Of the file: 1 gray, 2 gray and alpha, 3 color (also palettes, CMYK), 4 color and alpha.
  uint32_t channels;
  /// Bits of a channel in the file: 8, or 16 (PNG).
  uint32_t depth;
} ci_info;

/// Reads the header alone. `denominator` 1, 2, 4 or 8: the size is that of the picture decoded at this fraction.
ci_status ci_png_info(const uint8_t *bytes, size_t count, ci_info *info, char message[CI_MESSAGE_BYTES]);
ci_status ci_jpeg_info(const uint8_t *bytes, size_t count, unsigned denominator, ci_info *info, char message[CI_MESSAGE_BYTES]);
ci_status ci_bmp_info(const uint8_t *bytes, size_t count, ci_info *info, char message[CI_MESSAGE_BYTES]);
ci_status ci_webp_info(const uint8_t *bytes, size_t count, ci_info *info, char message[CI_MESSAGE_BYTES]);

/// Decodes into `target`, of `target_count` = height x width x channels of `format` bytes; fails if that is not its size.
/// Alpha is dropped or, where the file has none, 255. Gray is 0.299 R + 0.587 G + 0.114 B. 16 bits are cut to the upper 8
/// unless `keeps_depth`, which gives 16 (native order) for a file that has them.
ci_status ci_png_decode(const uint8_t *bytes, size_t count, ci_format format, int keeps_depth, uint8_t *target,
                        size_t target_count, char message[CI_MESSAGE_BYTES]);
ci_status ci_jpeg_decode(const uint8_t *bytes, size_t count, ci_format format, unsigned denominator, uint8_t *target,
                         size_t target_count, char message[CI_MESSAGE_BYTES]);
ci_status ci_bmp_decode(const uint8_t *bytes, size_t count, ci_format format, uint8_t *target, size_t target_count,
                        char message[CI_MESSAGE_BYTES]);
ci_status ci_webp_decode(const uint8_t *bytes, size_t count, ci_format format, uint8_t *target, size_t target_count,
                         char message[CI_MESSAGE_BYTES]);

/// Takes `count` bytes of a file that is being written; 0 stops the encoder.
typedef int (*ci_sink)(void *context, const uint8_t *bytes, size_t count);

/// Encodes pixels of `format` (gray, BGR or BGRA). PNG: `depth` 8 or 16, `level` of compression 0 to 9. JPEG and WebP:
/// `quality` 0 to 100; JPEG drops alpha, and shares chroma by 2 x 2 pixels; WebP above 100 is lossless and has no gray.
ci_status ci_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, ci_format format, unsigned depth, int level,
                        ci_sink sink, void *context, char message[CI_MESSAGE_BYTES]);
ci_status ci_jpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height, ci_format format, int quality,
                         int is_progressive, ci_sink sink, void *context, char message[CI_MESSAGE_BYTES]);
ci_status ci_bmp_encode(const uint8_t *pixels, uint32_t width, uint32_t height, ci_format format, ci_sink sink, void *context,
                        char message[CI_MESSAGE_BYTES]);
ci_status ci_webp_encode(const uint8_t *pixels, uint32_t width, uint32_t height, ci_format format, float quality, ci_sink sink,
                         void *context, char message[CI_MESSAGE_BYTES]);
