#include <stdio.h>
#include <webp/decode.h>
#include <webp/encode.h>

#include "CImageCodecs.h"
#include "pixel.h"

static ci_status refuse(char *message, ci_status status, const char *words) {
  snprintf(message, CI_MESSAGE_BYTES, "%s", words);
  return status;
}

static ci_status explain(char *message, VP8StatusCode code) {
  switch (code) {
    case VP8_STATUS_OUT_OF_MEMORY: return CI_OUT_OF_MEMORY;
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED: return refuse(message, CI_DAMAGED, "the file is cut short");
    case VP8_STATUS_UNSUPPORTED_FEATURE: return refuse(message, CI_UNSUPPORTED, "a feature is not supported, such as animation");
    default: return refuse(message, CI_DAMAGED, "the bitstream is not valid");
  }
}

ci_status ci_webp_info(const uint8_t *bytes, size_t count, ci_info *info, char message[CI_MESSAGE_BYTES]) {
  message[0] = 0;
  WebPBitstreamFeatures features;
  const VP8StatusCode code = WebPGetFeatures(bytes, count, &features);
  if (code != VP8_STATUS_OK) return explain(message, code);
  if (features.has_animation) return refuse(message, CI_UNSUPPORTED, "the picture is an animation");
  info->width = (uint32_t)features.width;
  info->height = (uint32_t)features.height;
  info->channels = features.has_alpha ? 4 : 3;
  info->depth = 8;
  return CI_OK;
}

ci_status ci_webp_decode(const uint8_t *bytes, size_t count, ci_format format, uint8_t *target, size_t target_count,
                         char message[CI_MESSAGE_BYTES]) {
  static const WEBP_CSP_MODE modes[] = {MODE_RGBA, MODE_RGB, MODE_RGBA, MODE_BGR, MODE_BGRA};
  message[0] = 0;
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) return refuse(message, CI_UNSUPPORTED, "the library has another version");
  VP8StatusCode code = WebPGetFeatures(bytes, count, &config.input);
  if (code != VP8_STATUS_OK) return explain(message, code);
  const size_t width = (size_t)config.input.width, height = (size_t)config.input.height, row = width * ci_channels(format);
  if (row == 0 || target_count / row != height || target_count % row)
    return refuse(message, CI_DAMAGED, "the target has the wrong size");
  config.output.colorspace = modes[format];
  if (format != CI_GRAY) {
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = target;
    config.output.u.RGBA.stride = (int)row;
    config.output.u.RGBA.size = target_count;
  }
  code = WebPDecode(bytes, count, &config);
  if (code == VP8_STATUS_OK && format == CI_GRAY) {
    for (size_t y = 0; y < height; y++) {
      const uint8_t *from = config.output.u.RGBA.rgba + y * (size_t)config.output.u.RGBA.stride;
      for (size_t x = 0; x < width; x++, from += 4) target = ci_store(target, format, from[0], from[1], from[2], 255);
    }
  }
  WebPFreeDecBuffer(&config.output);
  return code == VP8_STATUS_OK ? CI_OK : explain(message, code);
}

typedef struct {
  ci_sink sink;
  void *context;
} destination;

static int write_bytes(const uint8_t *bytes, size_t count, const WebPPicture *picture) {
  const destination *to = picture->custom_ptr;
  return to->sink(to->context, bytes, count);
}

ci_status ci_webp_encode(const uint8_t *pixels, uint32_t width, uint32_t height, ci_format format, float quality, ci_sink sink,
                         void *context, char message[CI_MESSAGE_BYTES]) {
  message[0] = 0;
  WebPConfig config;
  WebPPicture picture;
  destination to = {sink, context};
  if (!WebPConfigInit(&config) || !WebPPictureInit(&picture))
    return refuse(message, CI_UNSUPPORTED, "the library has another version");
  if (width > WEBP_MAX_DIMENSION || height > WEBP_MAX_DIMENSION)
    return refuse(message, CI_TOO_LARGE, "an axis exceeds 16383 pixels");
  if (quality > 100) {
    config.lossless = 1;
    config.exact = 1;
  } else {
    config.quality = quality;
  }
  picture.use_argb = config.lossless;
  picture.width = (int)width;
  picture.height = (int)height;
  picture.writer = write_bytes;
  picture.custom_ptr = &to;
  const int stride = (int)(width * ci_channels(format));
  const int is_imported =
      format == CI_BGR ? WebPPictureImportBGR(&picture, pixels, stride) : WebPPictureImportBGRA(&picture, pixels, stride);
  const int is_done = is_imported && WebPEncode(&config, &picture);
  const WebPEncodingError error = picture.error_code;
  WebPPictureFree(&picture);
  if (is_done) return CI_OK;
  if (!is_imported || error == VP8_ENC_ERROR_OUT_OF_MEMORY || error == VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY)
    return CI_OUT_OF_MEMORY;
  return refuse(message, CI_DAMAGED, "the encoder fails");
}
