#pragma once
#include <stddef.h>
#include <stdint.h>

/// Decoding of PNG (libpng) and JPEG (libjpeg-turbo) from memory to memory, 8 bits a channel, rows without gaps.
///
/// Every function returns a `ci_status` and, when it is not `CI_OK`, the codec's words in `message` (ended by a zero).
/// Nothing is printed, nothing is kept between calls, any thread may call.

typedef enum { CI_OK, CI_DAMAGED, CI_TOO_LARGE, CI_OUT_OF_MEMORY, CI_UNSUPPORTED } ci_status;

/// The order of the bytes of a pixel; gray has one.
typedef enum { CI_GRAY, CI_RGB, CI_RGBA, CI_BGR, CI_BGRA } ci_format;

enum { CI_MESSAGE_BYTES = 200 };

typedef struct {
  uint32_t width, height;
  /// Of the file: 1 gray, 2 gray and alpha, 3 colour (also palettes, CMYK), 4 colour and alpha.
  uint32_t channels;
} ci_info;

/// Reads the header alone.
ci_status ci_png_info(const uint8_t *bytes, size_t count, ci_info *info, char message[CI_MESSAGE_BYTES]);
ci_status ci_jpeg_info(const uint8_t *bytes, size_t count, ci_info *info, char message[CI_MESSAGE_BYTES]);

/// Decodes into `target`, of `target_count` = height x width x channels of `format` bytes; fails if that is not its size.
/// Alpha is dropped or, where the file has none, 255. 16 bits are cut to the upper 8. Gray is 0.299 R + 0.587 G + 0.114 B.
ci_status ci_png_decode(const uint8_t *bytes, size_t count, ci_format format, uint8_t *target, size_t target_count,
                        char message[CI_MESSAGE_BYTES]);
ci_status ci_jpeg_decode(const uint8_t *bytes, size_t count, ci_format format, uint8_t *target, size_t target_count,
                         char message[CI_MESSAGE_BYTES]);
