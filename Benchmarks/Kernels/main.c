// kernelbench: time of every matrix product and convolution of the table in shapes.h, as share of the processor's measured peak;
// or how far the algorithms that are chosen for convolutions are from the best.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ckernels.h"
#include "shapes.h"

/// Weights that take turns are read from beyond the second cache, as in a network.
enum { COLD_BYTES = 24 << 20 };

typedef struct options {
  const char *isa, *network;
  int threads, candidates;
  double seconds;
} options;

typedef struct trial {
  const ck_gemm_config *config;
  const bench_shape *shape;
  ck_f32_conv2d_args conv;
  ck_f32_gemm_args product;
  float *weights;
  size_t weight_floats, copies;
  void *scratch;
  int threads;
  ck_conv2d_algorithm algorithm;  ///< CK_CONV2D_UNSUPPORTED: the one that is chosen
} trial;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void *allocate(size_t bytes) {
  const size_t rounded = (bytes + 64) / 64 * 64;
  void *memory = aligned_alloc(64, rounded);
  if (memory == NULL) {
    fprintf(stderr, "kernelbench: no memory for %zu bytes\n", bytes);
    exit(1);
  }
  memset(memory, 0, rounded);
  return memory;
}

static float *random_floats(size_t count) {
  float *values = allocate(count * sizeof(float));
  unsigned state = 1;
  for (size_t i = 0; i < count; ++i) {
    state = state * 1664525u + 1013904223u;
    values[i] = (float)(state >> 8) / (float)(1 << 24) - 0.5f;
  }
  return values;
}

/// Operations per second of one core that does nothing but multiply and add, measured over less than a millisecond.
static double peak_now(uint32_t isa) {
  float sink[16];
  const double start = now();
  const uint64_t count = ck_f32_peak(isa, 20000, sink);
  return (double)count / (now() - start);
}

static size_t copies_of(size_t bytes) { return 1 + COLD_BYTES / (bytes + 1); }

static void prepare_product(trial *t) {
  const bench_shape *s = t->shape;
  t->weight_floats = (ck_f32_gemm_packed_bytes(t->config, s->k, s->n) + 63) / 64 * 16;
  t->copies = copies_of(t->weight_floats * sizeof(float));
  t->weights = allocate(t->copies * t->weight_floats * sizeof(float));
  float *b = random_floats(s->k * s->n);
  for (size_t i = 0; i < t->copies; ++i)
    ck_f32_gemm_pack(t->config, s->k, s->n, b, s->n, 1, t->weights + i * t->weight_floats, 1);
  free(b);
  t->product = (ck_f32_gemm_args){
      .m = s->m,
      .n = s->n,
      .k = s->k,
      .batch = 1,
      .a = random_floats(s->m * s->k),
      .a_row = s->k,
      .a_block = (size_t)t->config->c,
      .out = allocate(s->m * s->n * sizeof(float)),
      .o_row = s->n,
      .o_block = (size_t)t->config->c,
      .epilogue = {.bias = random_floats(s->n)},
  };
  t->scratch = allocate(ck_f32_gemm_scratch_bytes(t->config, &t->product, t->threads));
}

static ck_conv2d_shape convolution_shape(const bench_shape *s) {
  const size_t out = (s->size + 2 * s->pad - (s->filter - 1) * s->dilation - 1) / s->stride + 1;
  return (ck_conv2d_shape){
      .batch = 1,
      .ic = s->ic,
      .h = s->size,
      .w = s->size,
      .oc = s->oc,
      .oh = out,
      .ow = out,
      .kh = s->filter,
      .kw = s->filter,
      .stride_h = s->stride,
      .stride_w = s->stride,
      .dilation_h = s->dilation,
      .dilation_w = s->dilation,
      .pad_top = s->pad,
      .pad_left = s->pad,
      .groups = s->groups,
  };
}

static void prepare_convolution(trial *t) {
  const bench_shape *s = t->shape;
  const ck_conv2d_shape shape = convolution_shape(s);
  const size_t c = (size_t)t->config->c, out = shape.oh;
  const ck_conv2d_algorithm chosen = s->ic < c ? CK_CONV2D_PLANAR : ck_f32_conv2d_choose(t->config, &shape).algorithm;
  const ck_conv2d_algorithm algorithm = t->algorithm == CK_CONV2D_UNSUPPORTED ? chosen : t->algorithm;
  t->weight_floats = (ck_f32_conv2d_packed_bytes(t->config, &shape, algorithm) + 63) / 64 * 16;
  t->copies = copies_of(t->weight_floats * sizeof(float));
  t->weights = allocate(t->copies * t->weight_floats * sizeof(float));
  float *weights = random_floats(s->oc * (s->ic / s->groups) * s->filter * s->filter);
  for (size_t i = 0; i < t->copies; ++i)
    ck_f32_conv2d_pack(t->config, &shape, algorithm, weights, t->weights + i * t->weight_floats, 1);
  free(weights);
  t->conv = (ck_f32_conv2d_args){
      .shape = shape,
      .algorithm = algorithm,
      .input = random_floats((s->ic + c) * s->size * s->size),
      .output = allocate((s->oc + c) * out * out * sizeof(float)),
      .epilogue = {.bias = random_floats(s->oc), .activation = {CK_FUNCTION_RELU, 0, 0}},
  };
  t->scratch = allocate(ck_f32_conv2d_scratch_bytes(t->config, &t->conv, t->threads));
}

static void run_once(trial *t, size_t turn) {
  const float *weights = t->weights + turn % t->copies * t->weight_floats;
  if (t->shape->is_product) {
    t->product.b = weights;
    ck_f32_gemm(t->config, &t->product, t->scratch, t->threads);
  } else {
    t->conv.weights = weights;
    ck_f32_conv2d(t->config, &t->conv, t->scratch, t->threads);
  }
}

static void release(trial *t) {
  free((void *)t->product.a);
  free(t->product.out);
  free((void *)t->product.epilogue.bias);
  free((void *)t->conv.input);
  free(t->conv.output);
  free((void *)t->conv.epilogue.bias);
  free(t->weights);
  free(t->scratch);
}

typedef struct result {
  double seconds;  ///< the shortest run
  double peak;     ///< the highest peak between the runs: the clock changes from moment to moment
} result;

static result measure(trial *t, double seconds, uint32_t isa) {
  for (size_t i = 0; i < 2; ++i) run_once(t, i);
  result best = {.seconds = 1e9};
  size_t count = 0;
  for (const double end = now() + seconds; count < 5 || now() < end; ++count) {
    if (count % 8 == 0) best.peak = fmax(best.peak, peak_now(isa));
    const double start = now();
    run_once(t, count);
    best.seconds = fmin(best.seconds, now() - start);
  }
  return best;
}

static double operations(const bench_shape *s, const ck_conv2d_shape *conv) {
  if (s->is_product) return 2.0 * (double)s->m * (double)s->n * (double)s->k;
  return 2.0 * (double)(conv->oc * conv->oh * conv->ow) * (double)(conv->ic / conv->groups * conv->kh * conv->kw);
}

static void describe(const bench_shape *s, const trial *t, char *text, size_t size) {
  if (s->is_product) snprintf(text, size, "%zux%zux%zu", s->m, s->k, s->n);
  else
    snprintf(text, size, "%zux%zu^2>%zu k%zu s%zu d%zu g%zu a%d", s->ic, s->size, s->oc, s->filter, s->stride, s->dilation,
             s->groups, (int)t->conv.algorithm);
}

enum { RANDOM_SHAPES = 200 };

/// Convolutions as networks have them, drawn.
static void draw_shapes(bench_shape shapes[RANDOM_SHAPES]) {
  static const size_t sizes[] = {7, 8, 10, 13, 14, 16, 19, 20, 28, 32, 38, 40, 56, 64, 80, 112};
  static const size_t channels[] = {16,  24,  32,  40,  48,  64,  72,  80,  96,  112, 120,
                                    128, 144, 160, 192, 240, 256, 320, 384, 480, 512};
  static const size_t widths[] = {2, 3, 4, 8, 12, 16, 24, 32, 48, 64};
  unsigned state = 7;
#define DRAW(count) ((state = state * 1664525u + 1013904223u) >> 16) % (count)
  for (size_t i = 0; i < RANDOM_SHAPES; ++i) {
    bench_shape s = {.network = "random", .times = 1, .dilation = 1, .groups = 1};
    s.size = sizes[DRAW(sizeof sizes / sizeof sizes[0])];
    s.ic = channels[DRAW(sizeof channels / sizeof channels[0])];
    s.oc = channels[DRAW(sizeof channels / sizeof channels[0])];
    s.filter = 2 * (DRAW(3)) + 1;
    s.stride = DRAW(4) ? 1 : 2;
    if (s.filter == 3 && DRAW(6) == 0) s.dilation = 2;
    s.pad = s.filter / 2 * s.dilation;
    if (DRAW(3) == 0) {
      const size_t width = widths[DRAW(sizeof widths / sizeof widths[0])];
      s.groups = 2 + s.ic / width;
      s.ic = s.oc = s.groups * width;
    }
    // A second would be too long for one of hundreds.
    while (s.size > 14 && (double)(s.size * s.size * s.filter * s.filter) * (double)(s.ic * s.oc / s.groups) > 1e9) s.size /= 2;
    shapes[i] = s;
  }
#undef DRAW
}

static int parse(int count, char **words, options *o) {
  for (int i = 1; i + 1 < count; i += 2) {
    const char *value = words[i + 1];
    if (strcmp(words[i], "--isa") == 0) o->isa = value;
    else if (strcmp(words[i], "--network") == 0) o->network = value;
    else if (strcmp(words[i], "--candidates") == 0) o->candidates = atoi(value);
    else if (strcmp(words[i], "--threads") == 0) o->threads = atoi(value);
    else if (strcmp(words[i], "--seconds") == 0) o->seconds = atof(value);
    else return 0;
  }
  return count % 2 == 1 && o->threads > 0 && o->seconds >= 0;
}

/// The time of the algorithm that is chosen and of every other, each several times in turns.
static void compare_candidates(const ck_gemm_config *config, const options *o, uint32_t isa) {
  static const ck_conv2d_algorithm algorithms[] = {CK_CONV2D_BLOCKED, CK_CONV2D_GROUPED, CK_CONV2D_WINOGRAD_2,
                                                   CK_CONV2D_WINOGRAD_4};
  enum { COUNT = sizeof algorithms / sizeof algorithms[0], ROUNDS = 3 };
  const size_t table = sizeof bench_shapes / sizeof bench_shapes[0];
  bench_shape drawn[RANDOM_SHAPES];
  draw_shapes(drawn);
  size_t shapes = 0, worse = 0;
  double product = 0;
  for (size_t i = 0; i < table + RANDOM_SHAPES; ++i) {
    const bench_shape *s = i < table ? &bench_shapes[i] : &drawn[i - table];
    if (s->is_product || s->ic < (size_t)config->c || (o->network && strcmp(o->network, s->network) != 0)) continue;
    const ck_conv2d_shape shape = convolution_shape(s);
    const ck_conv2d_algorithm chosen = ck_f32_conv2d_choose(config, &shape).algorithm;
    double seconds[COUNT];
    size_t best = 0, own = 0, candidates = 0;
    for (size_t k = 0; k < COUNT; ++k) seconds[k] = 1e9;
    for (int round = 0; round < ROUNDS; ++round)
      for (size_t k = 0; k < COUNT; ++k) {
        if (!ck_f32_conv2d_supports(config, &shape, algorithms[k])) continue;
        trial t = {.config = config, .shape = s, .threads = o->threads, .algorithm = algorithms[k]};
        prepare_convolution(&t);
        seconds[k] = fmin(seconds[k], measure(&t, o->seconds / ROUNDS, isa).seconds);
        release(&t);
        candidates += round == 0;
      }
    if (candidates < 2) continue;
    for (size_t k = 0; k < COUNT; ++k) {
      if (seconds[k] < seconds[best]) best = k;
      if (algorithms[k] == chosen) own = k;
    }
    const double ratio = seconds[own] / seconds[best];
    ++shapes;
    worse += ratio > 1.1;
    product += log(ratio);
    printf("%-16s %4zux%3zu^2>%4zu k%zu s%zu d%zu g%-3zu chosen a%d %9.1f us, best a%d %9.1f us, %.2f%s\n", s->network, s->ic,
           s->size, s->oc, s->filter, s->stride, s->dilation, s->groups, (int)chosen, seconds[own] * 1e6, (int)algorithms[best],
           seconds[best] * 1e6, ratio, ratio > 1.1 ? " *" : "");
  }
  if (shapes)
    printf("%zu shapes with a choice, %zu more than 10 %% slower than the best, %.3f times its time on average\n", shapes, worse,
           exp(product / (double)shapes));
}

int main(int count, char **words) {
  options o = {.threads = 1, .seconds = 0.1};
  if (!parse(count, words, &o)) {
    fprintf(stderr,
            "kernelbench [--isa scalar|avx2|avx512|neon] [--network NAME] [--threads N] [--seconds S]\n            [--candidates "
            "1]\n");
    return 2;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  const uint32_t all = ck_cpu_isa_mask(), isa = o.isa ? ck_cpu_limit_isa(all, o.isa) : all;
  if (isa == 0) {
    fprintf(stderr, "kernelbench: unknown instruction set \"%s\"\n", o.isa);
    return 2;
  }
  const ck_gemm_config *config = ck_gemm_select(CK_TYPE_F32, isa);
  printf("%s, %d threads\n", config->name, o.threads);
  if (o.candidates) {
    compare_candidates(config, &o, isa);
    return 0;
  }
  double total = 0, total_operations = 0, total_peak = 0;
  const size_t shapes = sizeof bench_shapes / sizeof bench_shapes[0];
  for (size_t i = 0; i < shapes; ++i) {
    const bench_shape *s = &bench_shapes[i];
    if (o.network && strcmp(o.network, s->network) != 0) continue;
    trial t = {.config = config, .shape = s, .threads = o.threads};
    if (s->is_product) prepare_product(&t);
    else prepare_convolution(&t);
    const result best = measure(&t, o.seconds, isa);
    const double seconds = best.seconds, work = operations(s, &t.conv.shape), peak = best.peak * o.threads;
    char text[64];
    describe(s, &t, text, sizeof text);
    printf("%-14s %2zu x %-28s %9.1f us %7.1f GFLOP/s %4.0f %%\n", s->network, s->times, text, seconds * 1e6,
           work / seconds / 1e9, 100 * work / seconds / peak);
    total += seconds * (double)s->times;
    total_operations += work * (double)s->times;
    total_peak += peak * seconds * (double)s->times;
    if (i + 1 == shapes || strcmp(bench_shapes[i + 1].network, s->network) != 0) {
      printf("%-14s      %-28s %9.1f us %7.1f GFLOP/s %4.0f %%\n", s->network, "all", total * 1e6, total_operations / total / 1e9,
             100 * total_operations / total_peak);
      total = total_operations = total_peak = 0;
    }
    release(&t);
  }
}
