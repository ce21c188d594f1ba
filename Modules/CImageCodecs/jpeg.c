#include <setjmp.h>
#include <stdio.h>
// jpeglib.h needs FILE and size_t from above.
#include <jpeglib.h>
#include <jerror.h>

#include "CImageCodecs.h"

typedef struct {
  struct jpeg_error_mgr manager;  // first, so that a pointer to it is a pointer to this
  jmp_buf place;
  int is_cut_short;
  char *message;
} failure;

static void on_error(j_common_ptr image) {
  failure *to = (failure *)image->err;
  char text[JMSG_LENGTH_MAX];
  image->err->format_message(image, text);
  snprintf(to->message, CI_MESSAGE_BYTES, "%s", text);
  longjmp(to->place, 1);
}

/// Warnings are tolerated as other readers do, except those that say that pixels are missing.
static void on_message(j_common_ptr image, int level) {
  const int code = image->err->msg_code;
  if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER)) ((failure *)image->err)->is_cut_short = 1;
}

/// A progressive file may have any number of scans, each as slow as decoding the whole.
static void on_progress(j_common_ptr image) {
  if (((j_decompress_ptr)image)->input_scan_number > 500) ERREXIT(image, JERR_BAD_PROGRESSION);
}

static void prepare(struct jpeg_decompress_struct *image, failure *to, char *message) {
  message[0] = 0;
  image->err = jpeg_std_error(&to->manager);
  to->manager.error_exit = on_error;
  to->manager.emit_message = on_message;
  to->is_cut_short = 0;
  to->message = message;
}

static ci_status failed(const failure *to) { return to->manager.msg_code == JERR_OUT_OF_MEMORY ? CI_OUT_OF_MEMORY : CI_DAMAGED; }

ci_status ci_jpeg_info(const uint8_t *bytes, size_t count, unsigned denominator, ci_info *result,
                       char message[CI_MESSAGE_BYTES]) {
  struct jpeg_decompress_struct image;
  failure to;
  prepare(&image, &to, message);
  if (setjmp(to.place)) {
    jpeg_destroy_decompress(&image);
    return failed(&to);
  }
  jpeg_create_decompress(&image);
  jpeg_mem_src(&image, bytes, count);
  jpeg_read_header(&image, TRUE);
  image.scale_num = 1;
  image.scale_denom = denominator;
  jpeg_calc_output_dimensions(&image);
  result->width = image.output_width;
  result->height = image.output_height;
  result->depth = 8;
  result->channels = image.num_components == 1 ? 1 : 3;
  jpeg_destroy_decompress(&image);
  return CI_OK;
}

/// Inks as printed (0 none, 255 full; Adobe's files hold the opposite) to the format, in place of what a row becomes.
static void from_inks(const uint8_t *row, size_t width, int is_inverted, ci_format format, uint8_t *target) {
  for (size_t x = 0; x < width; x++, row += 4) {
    unsigned rgb[3];
    const unsigned light = is_inverted ? row[3] : 255u - row[3];
    for (int i = 0; i < 3; i++) rgb[i] = ((is_inverted ? row[i] : 255u - row[i]) * light + 127) / 255;
    if (format == CI_GRAY) {
      *target++ = (uint8_t)((rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 32768) >> 16);
      continue;
    }
    const int first = format == CI_BGR || format == CI_BGRA ? 2 : 0;
    *target++ = (uint8_t)rgb[first];
    *target++ = (uint8_t)rgb[1];
    *target++ = (uint8_t)rgb[2 - first];
    if (format == CI_RGBA || format == CI_BGRA) *target++ = 255;
  }
}

ci_status ci_jpeg_decode(const uint8_t *bytes, size_t count, ci_format format, unsigned denominator, uint8_t *target,
                         size_t target_count, char message[CI_MESSAGE_BYTES]) {
  static const J_COLOR_SPACE spaces[] = {JCS_GRAYSCALE, JCS_EXT_RGB, JCS_EXT_RGBA, JCS_EXT_BGR, JCS_EXT_BGRA};
  static const size_t channels[] = {1, 3, 4, 3, 4};
  struct jpeg_decompress_struct image;
  struct jpeg_progress_mgr progress = {.progress_monitor = on_progress};
  failure to;
  prepare(&image, &to, message);
  if (setjmp(to.place)) {
    jpeg_destroy_decompress(&image);
    return failed(&to);
  }
  jpeg_create_decompress(&image);
  image.progress = &progress;
  jpeg_mem_src(&image, bytes, count);
  jpeg_read_header(&image, TRUE);
  const int is_ink = image.jpeg_color_space == JCS_CMYK || image.jpeg_color_space == JCS_YCCK;
  image.scale_num = 1;
  image.scale_denom = denominator;
  image.out_color_space = is_ink ? JCS_CMYK : spaces[format];
  jpeg_start_decompress(&image);
  const size_t row = (size_t)image.output_width * channels[format];
  if (row == 0 || target_count / row != image.output_height || target_count % row) ERREXIT(&image, JERR_BAD_LENGTH);
  JSAMPARRAY inks = NULL;
  if (is_ink) inks = image.mem->alloc_sarray((j_common_ptr)&image, JPOOL_IMAGE, image.output_width * 4, 1);
  while (image.output_scanline < image.output_height) {
    uint8_t *out = target + image.output_scanline * row;
    if (is_ink) {
      if (jpeg_read_scanlines(&image, inks, 1) != 1) continue;
      from_inks(inks[0], image.output_width, image.saw_Adobe_marker, format, out);
    } else {
      JSAMPROW rows[1] = {out};
      jpeg_read_scanlines(&image, rows, 1);
    }
  }
  jpeg_finish_decompress(&image);
  jpeg_destroy_decompress(&image);
  if (to.is_cut_short) {
    snprintf(message, CI_MESSAGE_BYTES, "the file is cut short");
    return CI_DAMAGED;
  }
  return CI_OK;
}

/// Where an encoder's bytes go, through a buffer.
typedef struct {
  struct jpeg_destination_mgr manager;  // first, as above
  ci_sink sink;
  void *context;
  JOCTET buffer[1 << 14];
} destination;

static void begin(j_compress_ptr image) {
  destination *to = (destination *)image->dest;
  to->manager.next_output_byte = to->buffer;
  to->manager.free_in_buffer = sizeof to->buffer;
}

static boolean flush(j_compress_ptr image) {
  destination *to = (destination *)image->dest;
  if (!to->sink(to->context, to->buffer, sizeof to->buffer)) ERREXIT(image, JERR_FILE_WRITE);
  begin(image);
  return TRUE;
}

static void finish(j_compress_ptr image) {
  destination *to = (destination *)image->dest;
  if (!to->sink(to->context, to->buffer, sizeof to->buffer - to->manager.free_in_buffer)) ERREXIT(image, JERR_FILE_WRITE);
}

ci_status ci_jpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height, ci_format format, int quality,
                         int is_progressive, ci_sink sink, void *context, char message[CI_MESSAGE_BYTES]) {
  struct jpeg_compress_struct image;
  failure to;
  destination target = {
      {.init_destination = begin, .empty_output_buffer = flush, .term_destination = finish}, sink, context, {0}};
  message[0] = 0;
  image.err = jpeg_std_error(&to.manager);
  to.manager.error_exit = on_error;
  to.manager.emit_message = on_message;
  to.is_cut_short = 0;
  to.message = message;
  if (setjmp(to.place)) {
    jpeg_destroy_compress(&image);
    return failed(&to);
  }
  jpeg_create_compress(&image);
  image.dest = &target.manager;
  image.image_width = width;
  image.image_height = height;
  image.input_components = format == CI_GRAY ? 1 : format == CI_BGR ? 3 : 4;
  image.in_color_space = format == CI_GRAY ? JCS_GRAYSCALE : format == CI_BGR ? JCS_EXT_BGR : JCS_EXT_BGRX;
  jpeg_set_defaults(&image);
  jpeg_set_quality(&image, quality, TRUE);
  if (is_progressive) jpeg_simple_progression(&image);
  jpeg_start_compress(&image, TRUE);
  const size_t row = (size_t)width * (size_t)image.input_components;
  while (image.next_scanline < height) {
    JSAMPROW rows[1] = {(JSAMPROW)(pixels + image.next_scanline * row)};
    jpeg_write_scanlines(&image, rows, 1);
  }
  jpeg_finish_compress(&image);
  jpeg_destroy_compress(&image);
  return CI_OK;
}
