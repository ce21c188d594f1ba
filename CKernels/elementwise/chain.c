#include "kernels.h"

#include <string.h>

// The result of a step, one block of elements, stays in the first cache until the steps that use it.
enum { register_bytes = CK_CHAIN_BLOCK * 8 };

typedef struct chain_context {
  const ck_elementwise_kernels *kernels;
  const ck_chain *chain;
  uint32_t isa;
} chain_context;

// Where a step finds an operand, in elements.
typedef struct place {
  const char *at;
  ptrdiff_t row, step;
} place;

static void gather(size_t bytes, size_t rows, size_t n, place from, char *to) {
#define GATHER(type)                \
  for (size_t i = 0; i < rows; ++i) \
    for (size_t k = 0; k < n; ++k)  \
      ((type *)to)[i * n + k] = ((const type *)from.at)[(ptrdiff_t)i * from.row + (ptrdiff_t)k * from.step];
  switch (bytes) {
    case 1: GATHER(uint8_t) return;
    case 2: GATHER(uint16_t) return;
    case 4: GATHER(uint32_t) return;
    default: GATHER(uint64_t) return;
  }
#undef GATHER
}

// The operand in one piece: where it is, or copied to `space`.
static const void *in_one_piece(size_t bytes, size_t rows, size_t n, place from, char *space) {
  if (from.step == 1 && (rows == 1 || from.row == (ptrdiff_t)n)) return from.at;
  gather(bytes, rows, n, from, space);
  return space;
}

#define BINARY(name, type, kinds) \
  kernels->name((kinds)step->kind, r, c, (const type *)a.at, a.row, a.step, (const type *)b.at, b.row, b.step, out)

static void run_binary(const ck_elementwise_kernels *kernels, const ck_step *step, size_t rows, size_t n, place a, place b,
                       void *out) {
  // One long row if neither operand jumps.
  const int is_flat = a.step == b.step && a.step == 1 && a.row == (ptrdiff_t)n && b.row == (ptrdiff_t)n;
  const size_t r = is_flat ? 1 : rows, c = is_flat ? rows * n : n;
  if (step->op == CK_STEP_COMPARE) {
    switch (step->type) {
      case CK_F64: BINARY(f64_compare, double, ck_compare_kind); return;
      case CK_I32: BINARY(i32_compare, int32_t, ck_compare_kind); return;
      case CK_I64: BINARY(i64_compare, int64_t, ck_compare_kind); return;
      default: BINARY(f32_compare, float, ck_compare_kind); return;
    }
  }
  switch (step->type) {
    case CK_F64: BINARY(f64_binary, double, ck_binary_kind); return;
    case CK_I32: BINARY(i32_binary, int32_t, ck_binary_kind); return;
    case CK_I64: BINARY(i64_binary, int64_t, ck_binary_kind); return;
    case CK_BOOL: BINARY(u8_binary, uint8_t, ck_binary_kind); return;
    default: BINARY(f32_binary, float, ck_binary_kind); return;
  }
}

static void run_unary(const ck_elementwise_kernels *kernels, const ck_step *step, size_t n, const void *x, void *y) {
  const ck_function kind = (ck_function)step->kind;
  switch (step->type) {
    case CK_F64: kernels->f64_unary(kind, step->p0, step->p1, n, x, y); return;
    case CK_I32: kernels->i32_unary(kind, (int32_t)step->low, (int32_t)step->high, n, x, y); return;
    case CK_I64: kernels->i64_unary(kind, step->low, step->high, n, x, y); return;
    case CK_BOOL: kernels->u8_not(n, x, y); return;
    default: kernels->f32_unary(kind, (float)step->p0, (float)step->p1, n, x, y); return;
  }
}

static void run_select(const ck_elementwise_kernels *kernels, size_t bytes, size_t rows, size_t n, place c, place a, place b,
                       void *out) {
#define SELECT(bits) \
  kernels->select_##bits(rows, n, (const uint8_t *)c.at, c.row, c.step, a.at, a.row, a.step, b.at, b.row, b.step, out)
  switch (bytes) {
    case 1: SELECT(8); return;
    case 2: SELECT(16); return;
    case 4: SELECT(32); return;
    default: SELECT(64); return;
  }
#undef SELECT
}

static void chain_rows(const void *context, size_t rows, size_t n, const char *const *operand, const ptrdiff_t *row,
                       const ptrdiff_t *stride, char *y) {
  const chain_context *job = context;
  const ck_chain *chain = job->chain;
  _Alignas(64) char registers[CK_CHAIN_REGISTERS][register_bytes];
  for (size_t s = 0; s < chain->steps; ++s) {
    const ck_step *step = &chain->step[s];
    place from[3];
    for (int i = 0; i < step->operands; ++i) {
      const int32_t source = step->operand[i];
      from[i] =
          source < 0 ? (place){operand[~source], row[~source], stride[~source]} : (place){registers[source], (ptrdiff_t)n, 1};
    }
    char *out = step->target < 0 ? y : registers[step->target];
    const size_t bytes = ck_number_bytes(step->type);
    switch (step->op) {
      case CK_STEP_UNARY: run_unary(job->kernels, step, rows * n, in_one_piece(bytes, rows, n, from[0], out), out); break;
      case CK_STEP_CAST: {
        // A register of its own for what the conversion reads, whose elements may be wider than those it writes.
        char *space = registers[CK_CHAIN_REGISTERS - 1];
        ck_convert(job->isa, step->type, step->result, rows * n, in_one_piece(bytes, rows, n, from[0], space), out, 1);
        break;
      }
      case CK_STEP_SELECT: run_select(job->kernels, bytes, rows, n, from[0], from[1], from[2], out); break;
      case CK_STEP_BINARY:
      case CK_STEP_COMPARE: run_binary(job->kernels, step, rows, n, from[0], from[1], out); break;
    }
  }
}

void ck_run_chain(uint32_t isa, const ck_chain *chain, size_t rank, const size_t *size, const void *const *operand,
                  const ptrdiff_t *stride, void *y, int threads) {
  ck_broadcast plan = {.rank = rank, .operands = chain->operands, .y = y, .y_bytes = ck_number_bytes(chain->result)};
  memcpy(plan.size, size, rank * sizeof *size);
  for (size_t j = 0; j < chain->operands; ++j) {
    plan.base[j] = operand[j];
    plan.bytes[j] = ck_number_bytes(chain->type[j]);
    memcpy(plan.stride[j], stride + j * rank, rank * sizeof *stride);
  }
  ck_broadcast_simplify(&plan);
  const chain_context context = {CK_BEST_LEVEL(elementwise, isa), chain, isa};
  ck_broadcast_run(&plan, CK_CHAIN_BLOCK, (1 << 14) / chain->steps + 1, threads, chain_rows, &context);
}
