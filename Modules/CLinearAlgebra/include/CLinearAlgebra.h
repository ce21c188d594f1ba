/// LAPACK in double precision, as OpenBLAS (Apple: Accelerate) has it. Matrices are column-major without gaps. Where there is
/// `work`, a `lwork` of -1 asks for its size, which is then in `work[0]`. Every function returns LAPACK's `info`: 0, or what
/// failed.
#ifndef CLINEARALGEBRA_H
#define CLINEARALGEBRA_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// LU of `a: [m, n]` in place; `pivot` has `min(m, n)` elements, counted from 1. Above 0: a pivot is exactly zero.
int32_t cla_lu(int32_t m, int32_t n, double *a, int32_t *pivot);

/// Solves `a x = b` for `a: [n, n]`, overwritten by its LU, and `b: [n, count]`, overwritten by `x`. Above 0: singular.
int32_t cla_solve(int32_t n, int32_t count, double *a, int32_t *pivot, double *b);

/// Singular values of `a: [m, n]` (overwritten) and, unless `job` is 'N', the vectors: 'A' all, 'S' as many as there are values.
/// `u: [m, m or k]`, `vt: [n or k, n]`, `k = min(m, n)`; `iwork` has `8 * k` elements. Above 0: no convergence.
int32_t cla_svd(char job, int32_t m, int32_t n, double *a, double *s, double *u, double *vt, double *work, int32_t lwork,
                int32_t *iwork);

/// Eigenvalues of the symmetric `a: [n, n]` of which only the upper ('U') or lower ('L') half is read, rising; unless `job` is
/// 'N' the vectors replace `a`. `lwork` and `liwork` are asked for together. Above 0: no convergence.
int32_t cla_eigen_symmetric(char job, char half, int32_t n, double *a, double *values, double *work, int32_t lwork,
                            int32_t *iwork, int32_t liwork);

/// Eigenvalues of any `a: [n, n]` (overwritten) and, unless `job` is 'N', right vectors, a complex pair in two columns.
int32_t cla_eigen(char job, int32_t n, double *a, double *real, double *imaginary, double *vectors, double *work, int32_t lwork);

/// Householder QR of `a: [m, n]`: R above the diagonal, the reflectors below; `tau` has `min(m, n)` elements.
int32_t cla_qr(int32_t m, int32_t n, double *a, double *tau, double *work, int32_t lwork);

/// The first `n` columns of Q from `k` reflectors in `a: [m, n]`.
int32_t cla_qr_vectors(int32_t m, int32_t n, int32_t k, double *a, const double *tau, double *work, int32_t lwork);

/// Cholesky factor in the lower half of `a: [n, n]`. Above 0: not positive definite.
int32_t cla_cholesky(int32_t n, double *a);

/// Least squares of `a: [m, n]` and `b: [max(m, n), count]`, overwritten by `x`; `s` has `min(m, n)` elements; singular values
/// below `rcond` times the largest count as 0. `iwork` has room for what LAPACK asks in `iwork[0]` with `lwork` = -1.
int32_t cla_least_squares(int32_t m, int32_t n, int32_t count, double *a, double *b, double *s, double rcond, int32_t *rank,
                          double *work, int32_t lwork, int32_t *iwork);

#ifdef __cplusplus
}
#endif

#endif
