/// Putting numbers in order.
#ifndef CKERNELS_ORDERING_H
#define CKERNELS_ORDERING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Sorts `n` keys, rising, on the calling thread. `scratch` has room for `n` keys too. Nothing past the `n` keys is touched.
void ck_u32_sort(uint32_t isa, size_t n, uint32_t *keys, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
