// The table of the whole family, at the level of the including file.

const ck_reduce_kernels CK_FN(reduce) = {
#define CK_KERNEL(result, name, arguments) .name = CK_FN(name),
#include "reduce.inc"
#undef CK_KERNEL
};
