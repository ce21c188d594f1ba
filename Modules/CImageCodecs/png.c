#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "CImageCodecs.h"

/// The file in memory and how far it is read.
typedef struct {
  const uint8_t *bytes;
  size_t count, position;
  char *message;
} source;

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  source *from = png_get_io_ptr(png);
  if (count > from->count - from->position) png_error(png, "the file is cut short");
  memcpy(target, from->bytes + from->position, count);
  from->position += count;
}

static void on_error(png_structp png, png_const_charp text) {
  source *from = png_get_error_ptr(png);
  snprintf(from->message, CI_MESSAGE_BYTES, "%s", text);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

/// A reader that has read the header, or null. Memory that chunks ask for is bounded: libpng would take what they say.
static png_structp begin(source *from, png_infop *info) {
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, from, on_error, on_warning);
  if (!png) return NULL;
  *info = png_create_info_struct(png);
  if (!*info) {
    png_destroy_read_struct(&png, NULL, NULL);
    return NULL;
  }
  png_set_read_fn(png, from, read_bytes);
  png_set_chunk_malloc_max(png, 8u << 20);
  png_set_chunk_cache_max(png, 128);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  return png;
}

ci_status ci_png_info(const uint8_t *bytes, size_t count, ci_info *result, char message[CI_MESSAGE_BYTES]) {
  source from = {bytes, count, 0, message};
  message[0] = 0;
  png_infop info = NULL;
  png_structp png = begin(&from, &info);
  if (!png) return CI_OUT_OF_MEMORY;
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return CI_DAMAGED;
  }
  png_read_info(png, info);
  const int type = png_get_color_type(png, info);
  const int has_alpha = (type & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, info, PNG_INFO_tRNS);
  result->width = png_get_image_width(png, info);
  result->height = png_get_image_height(png, info);
  result->depth = png_get_bit_depth(png, info) == 16 ? 16 : 8;
  result->channels = ((type & PNG_COLOR_MASK_COLOR) ? 3 : 1) + (has_alpha ? 1 : 0);
  // DEFLATE grows at most 1032 times: a file too short for its pixels is refused before memory is taken for them.
  const int is_too_short = png_get_rowbytes(png, info) / 1032 > count / result->height + 1;
  png_destroy_read_struct(&png, &info, NULL);
  if (is_too_short) {
    snprintf(message, CI_MESSAGE_BYTES, "the file is too short for its size in pixels");
    return CI_DAMAGED;
  }
  return CI_OK;
}

ci_status ci_png_decode(const uint8_t *bytes, size_t count, ci_format format, int keeps_depth, uint8_t *target,
                        size_t target_count, char message[CI_MESSAGE_BYTES]) {
  source from = {bytes, count, 0, message};
  message[0] = 0;
  png_infop info = NULL;
  png_structp png = begin(&from, &info);
  if (!png) return CI_OUT_OF_MEMORY;
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return CI_DAMAGED;
  }
  png_read_info(png, info);
  const int is_color = png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR;
  png_set_expand(png);  // palettes, fewer than 8 bits, a transparent color
  if (!keeps_depth) png_set_strip_16(png);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (keeps_depth) png_set_swap(png);
#endif
  if (format == CI_GRAY) {
    if (is_color) png_set_rgb_to_gray(png, 1, 0.299, 0.587);
  } else {
    png_set_gray_to_rgb(png);
    if (format == CI_BGR || format == CI_BGRA) png_set_bgr(png);
  }
  if (format == CI_RGBA || format == CI_BGRA) {
    png_set_add_alpha(png, 0xffff, PNG_FILLER_AFTER);
  } else {
    png_set_strip_alpha(png);
  }
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  const size_t row = png_get_rowbytes(png, info);
  const size_t height = png_get_image_height(png, info);
  if (row == 0 || target_count / row != height || target_count % row) png_error(png, "the target has the wrong size");
  for (int pass = 0; pass < passes; pass++)
    for (size_t y = 0; y < height; y++) png_read_row(png, target + y * row, NULL);
  png_read_end(png, NULL);
  png_destroy_read_struct(&png, &info, NULL);
  return CI_OK;
}

typedef struct {
  ci_sink sink;
  void *context;
  char *message;
} target;

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
  const target *to = png_get_io_ptr(png);
  if (!to->sink(to->context, bytes, count)) png_error(png, "the bytes cannot be kept");
}

static void flush_nothing(png_structp png) { (void)png; }

static void on_writing_error(png_structp png, png_const_charp text) {
  const target *to = png_get_error_ptr(png);
  snprintf(to->message, CI_MESSAGE_BYTES, "%s", text);
  png_longjmp(png, 1);
}

ci_status ci_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, ci_format format, unsigned depth, int level,
                        ci_sink sink, void *context, char message[CI_MESSAGE_BYTES]) {
  target to = {sink, context, message};
  message[0] = 0;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &to, on_writing_error, on_warning);
  if (!png) return CI_OUT_OF_MEMORY;
  png_infop info = png_create_info_struct(png);
  if (!info || setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    return info ? CI_DAMAGED : CI_OUT_OF_MEMORY;
  }
  png_set_write_fn(png, &to, write_bytes, flush_nothing);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  const int type = format == CI_GRAY ? PNG_COLOR_TYPE_GRAY : format == CI_BGR ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_RGBA;
  png_set_IHDR(png, info, width, height, (int)depth, type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, level);
  png_write_info(png, info);
  png_set_bgr(png);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (depth == 16) png_set_swap(png);
#endif
  const size_t row = (size_t)width * (format == CI_GRAY ? 1 : format == CI_BGR ? 3 : 4) * (depth / 8);
  for (uint32_t y = 0; y < height; y++) png_write_row(png, pixels + y * row);
  png_write_end(png, NULL);
  png_destroy_write_struct(&png, &info);
  return CI_OK;
}
