#include "kernels.h"

void ck_broadcast_simplify(ck_broadcast *plan) {
  size_t kept = 0;
  for (size_t d = 0; d < plan->rank; ++d) {
    size_t n = plan->size[d];
    if (n == 1) continue;
    int joins = kept > 0;
    for (size_t j = 0; joins && j < plan->operands; ++j) joins = plan->stride[j][kept - 1] == plan->stride[j][d] * (ptrdiff_t)n;
    if (joins) --kept;
    plan->size[kept] = joins ? plan->size[kept] * n : n;
    for (size_t j = 0; j < plan->operands; ++j) plan->stride[j][kept] = plan->stride[j][d];
    ++kept;
  }
  plan->rank = kept;
}

void ck_broadcast_run(const ck_broadcast *plan, size_t piece, size_t grain, int threads, ck_broadcast_rows *body,
                      const void *context) {
  size_t rank = plan->rank, operands = plan->operands;
  size_t n = rank ? plan->size[rank - 1] : 1, rows = rank > 1 ? plan->size[rank - 2] : 1, outer = 1;
  for (size_t d = 0; d + 2 < rank; ++d) outer *= plan->size[d];
  size_t lines = outer * rows;
  if (lines == 0 || n == 0) return;
  ptrdiff_t row[CK_OPERANDS] = {0}, step[CK_OPERANDS] = {0};
  for (size_t j = 0; j < operands; ++j) {
    row[j] = rank > 1 ? plan->stride[j][rank - 2] : 0;
    step[j] = rank ? plan->stride[j][rank - 1] : 0;
  }

  int team = ck_team(threads, lines * n, grain);
  int along_lines = lines >= (size_t)team;
  CK_PARALLEL(part, team, {
    size_t line = along_lines ? ck_part(lines, team, part) : 0, last_line = along_lines ? ck_part(lines, team, part + 1) : lines;
    size_t first = along_lines ? 0 : ck_part64(n, team, part), last = along_lines ? n : ck_part64(n, team, part + 1);
    while (line < last_line) {
      size_t take = rows - line % rows < last_line - line ? rows - line % rows : last_line - line;
      // Pieces are whole rows if those are short, parts of one row if it is long.
      if (piece && take * n > piece) take = n >= piece ? 1 : piece / n;
      if (first != 0 || last != n) take = 1;
      const char *operand[CK_OPERANDS];
      for (size_t j = 0; j < operands; ++j) {
        ptrdiff_t offset = (ptrdiff_t)(line % rows) * row[j];
        size_t rest = line / rows;
        for (size_t d = rank > 2 ? rank - 2 : 0; d-- > 0; rest /= plan->size[d])
          offset += (ptrdiff_t)(rest % plan->size[d]) * plan->stride[j][d];
        operand[j] = plan->base[j] + offset * (ptrdiff_t)plan->bytes[j];
      }
      size_t length = piece && n > piece ? piece : n;
      for (size_t k = first; k < last; k += length) {
        const char *here[CK_OPERANDS];
        for (size_t j = 0; j < operands; ++j) here[j] = operand[j] + (ptrdiff_t)k * step[j] * (ptrdiff_t)plan->bytes[j];
        body(context, take, last - k < length ? last - k : length, here, row, step, plan->y + (line * n + k) * plan->y_bytes);
      }
      line += take;
    }
  });
}
