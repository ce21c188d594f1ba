// Matrix products and convolutions of the networks that are measured, with the number of times a run does each.
#ifndef SHAPES_H
#define SHAPES_H

#include <stddef.h>

typedef struct bench_shape {
  const char *network;
  size_t times;
  int is_product;  // m, k, n; otherwise a convolution
  size_t m, k, n;
  size_t ic, size, oc, filter, stride, pad, dilation;  // square images and filters
} bench_shape;

#define PRODUCT(network, times, m, k, n) {network, times, 1, m, k, n, 0, 0, 0, 0, 0, 0, 0}
#define CONV(network, times, ic, size, oc, filter, stride, pad, dilation) \
  {network, times, 0, 0, 0, 0, ic, size, oc, filter, stride, pad, dilation}

static const bench_shape bench_shapes[] = {
    PRODUCT("square", 1, 256, 256, 256),
    PRODUCT("square", 1, 512, 512, 512),
    PRODUCT("square", 1, 1024, 1024, 1024),
    PRODUCT("small", 1, 1, 2048, 1000),
    PRODUCT("small", 1, 2, 1024, 1024),
    PRODUCT("small", 1, 5, 1024, 1024),
    PRODUCT("small", 1, 13, 1024, 1024),
    PRODUCT("small", 1, 100, 100, 100),
    PRODUCT("small", 1, 33, 65, 17),
    PRODUCT("vit_b_16", 12, 197, 768, 2304),
    PRODUCT("vit_b_16", 12, 197, 768, 768),
    PRODUCT("vit_b_16", 12, 197, 768, 3072),
    PRODUCT("vit_b_16", 12, 197, 3072, 768),
    CONV("vit_b_16", 1, 3, 224, 768, 16, 16, 0, 1),
    PRODUCT("vit_b_16", 1, 1, 768, 1000),
    PRODUCT("minilm_l6", 24, 128, 384, 384),
    PRODUCT("minilm_l6", 6, 128, 384, 1536),
    PRODUCT("minilm_l6", 6, 128, 1536, 384),
    CONV("convnext_tiny", 1, 3, 224, 96, 4, 4, 0, 1),
    PRODUCT("convnext_tiny", 3, 3136, 96, 384),
    PRODUCT("convnext_tiny", 3, 3136, 384, 96),
    CONV("convnext_tiny", 1, 96, 56, 192, 2, 2, 0, 1),
    PRODUCT("convnext_tiny", 3, 784, 192, 768),
    PRODUCT("convnext_tiny", 3, 784, 768, 192),
    CONV("convnext_tiny", 1, 192, 28, 384, 2, 2, 0, 1),
    PRODUCT("convnext_tiny", 9, 196, 384, 1536),
    PRODUCT("convnext_tiny", 9, 196, 1536, 384),
    CONV("convnext_tiny", 1, 384, 14, 768, 2, 2, 0, 1),
    PRODUCT("convnext_tiny", 3, 49, 768, 3072),
    PRODUCT("convnext_tiny", 3, 49, 3072, 768),
    PRODUCT("convnext_tiny", 1, 1, 768, 1000),
    CONV("resnet50", 1, 3, 224, 64, 7, 2, 3, 1),
    CONV("resnet50", 1, 64, 56, 64, 1, 1, 0, 1),
    CONV("resnet50", 3, 64, 56, 64, 3, 1, 1, 1),
    CONV("resnet50", 4, 64, 56, 256, 1, 1, 0, 1),
    CONV("resnet50", 2, 256, 56, 64, 1, 1, 0, 1),
    CONV("resnet50", 1, 256, 56, 128, 1, 1, 0, 1),
    CONV("resnet50", 1, 128, 56, 128, 3, 2, 1, 1),
    CONV("resnet50", 4, 128, 28, 512, 1, 1, 0, 1),
    CONV("resnet50", 1, 256, 56, 512, 1, 2, 0, 1),
    CONV("resnet50", 3, 512, 28, 128, 1, 1, 0, 1),
    CONV("resnet50", 3, 128, 28, 128, 3, 1, 1, 1),
    CONV("resnet50", 1, 512, 28, 256, 1, 1, 0, 1),
    CONV("resnet50", 1, 256, 28, 256, 3, 2, 1, 1),
    CONV("resnet50", 6, 256, 14, 1024, 1, 1, 0, 1),
    CONV("resnet50", 1, 512, 28, 1024, 1, 2, 0, 1),
    CONV("resnet50", 5, 1024, 14, 256, 1, 1, 0, 1),
    CONV("resnet50", 5, 256, 14, 256, 3, 1, 1, 1),
    CONV("resnet50", 1, 1024, 14, 512, 1, 1, 0, 1),
    CONV("resnet50", 1, 512, 14, 512, 3, 2, 1, 1),
    CONV("resnet50", 3, 512, 7, 2048, 1, 1, 0, 1),
    CONV("resnet50", 1, 1024, 14, 2048, 1, 2, 0, 1),
    CONV("resnet50", 2, 2048, 7, 512, 1, 1, 0, 1),
    CONV("resnet50", 2, 512, 7, 512, 3, 1, 1, 1),
    PRODUCT("resnet50", 1, 1, 2048, 1000),
    CONV("squeezenet1_1", 1, 3, 224, 64, 3, 2, 0, 1),
    CONV("squeezenet1_1", 1, 64, 55, 16, 1, 1, 0, 1),
    CONV("squeezenet1_1", 2, 16, 55, 64, 1, 1, 0, 1),
    CONV("squeezenet1_1", 2, 16, 55, 64, 3, 1, 1, 1),
    CONV("squeezenet1_1", 1, 128, 55, 16, 1, 1, 0, 1),
    CONV("squeezenet1_1", 1, 128, 27, 32, 1, 1, 0, 1),
    CONV("squeezenet1_1", 2, 32, 27, 128, 1, 1, 0, 1),
    CONV("squeezenet1_1", 2, 32, 27, 128, 3, 1, 1, 1),
    CONV("squeezenet1_1", 1, 256, 27, 32, 1, 1, 0, 1),
    CONV("squeezenet1_1", 1, 256, 13, 48, 1, 1, 0, 1),
    CONV("squeezenet1_1", 2, 48, 13, 192, 1, 1, 0, 1),
    CONV("squeezenet1_1", 2, 48, 13, 192, 3, 1, 1, 1),
    CONV("squeezenet1_1", 1, 384, 13, 48, 1, 1, 0, 1),
    CONV("squeezenet1_1", 1, 384, 13, 64, 1, 1, 0, 1),
    CONV("squeezenet1_1", 2, 64, 13, 256, 1, 1, 0, 1),
    CONV("squeezenet1_1", 2, 64, 13, 256, 3, 1, 1, 1),
    CONV("squeezenet1_1", 1, 512, 13, 64, 1, 1, 0, 1),
    CONV("squeezenet1_1", 1, 512, 13, 1000, 1, 1, 0, 1),
    CONV("deeplabv3", 1, 3, 257, 16, 3, 2, 1, 1),
    CONV("deeplabv3", 1, 16, 129, 64, 1, 1, 0, 1),
    CONV("deeplabv3", 3, 160, 17, 960, 1, 1, 0, 1),
    CONV("deeplabv3", 1, 960, 17, 256, 3, 1, 12, 12),
    CONV("deeplabv3", 1, 960, 17, 256, 3, 1, 24, 24),
    CONV("deeplabv3", 1, 960, 17, 256, 3, 1, 36, 36),
    CONV("deeplabv3", 1, 256, 17, 256, 3, 1, 1, 1),
    CONV("mobilenet_v2", 1, 3, 224, 32, 3, 2, 1, 1),
    CONV("mobilenet_v2", 1, 32, 112, 16, 1, 1, 0, 1),
    CONV("mobilenet_v2", 1, 16, 112, 96, 1, 1, 0, 1),
    CONV("mobilenet_v2", 1, 96, 56, 24, 1, 1, 0, 1),
    CONV("mobilenet_v2", 2, 24, 56, 144, 1, 1, 0, 1),
    CONV("mobilenet_v2", 4, 64, 14, 384, 1, 1, 0, 1),
    CONV("mobilenet_v2", 3, 384, 14, 64, 1, 1, 0, 1),
    CONV("mobilenet_v2", 3, 160, 7, 960, 1, 1, 0, 1),
    CONV("mobilenet_v2", 1, 320, 7, 1280, 1, 1, 0, 1),
};

#endif
