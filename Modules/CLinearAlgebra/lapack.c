#include "CLinearAlgebra.h"

// Declared here because not every system has a header for them.
void dgetrf_(const int32_t *m, const int32_t *n, double *a, const int32_t *lda, int32_t *pivot, int32_t *info);
void dgesv_(const int32_t *n, const int32_t *count, double *a, const int32_t *lda, int32_t *pivot, double *b, const int32_t *ldb,
            int32_t *info);
void dgesdd_(const char *job, const int32_t *m, const int32_t *n, double *a, const int32_t *lda, double *s, double *u,
             const int32_t *ldu, double *vt, const int32_t *ldvt, double *work, const int32_t *lwork, int32_t *iwork,
             int32_t *info);
void dsyevd_(const char *job, const char *half, const int32_t *n, double *a, const int32_t *lda, double *values, double *work,
             const int32_t *lwork, int32_t *iwork, const int32_t *liwork, int32_t *info);
void dgeev_(const char *left, const char *right, const int32_t *n, double *a, const int32_t *lda, double *real, double *imaginary,
            double *vl, const int32_t *ldvl, double *vr, const int32_t *ldvr, double *work, const int32_t *lwork, int32_t *info);
void dgeqrf_(const int32_t *m, const int32_t *n, double *a, const int32_t *lda, double *tau, double *work, const int32_t *lwork,
             int32_t *info);
void dorgqr_(const int32_t *m, const int32_t *n, const int32_t *k, double *a, const int32_t *lda, const double *tau, double *work,
             const int32_t *lwork, int32_t *info);
void dpotrf_(const char *half, const int32_t *n, double *a, const int32_t *lda, int32_t *info);
void dgelsd_(const int32_t *m, const int32_t *n, const int32_t *count, double *a, const int32_t *lda, double *b,
             const int32_t *ldb, double *s, const double *rcond, int32_t *rank, double *work, const int32_t *lwork,
             int32_t *iwork, int32_t *info);

static int32_t at_least_1(int32_t n) { return n > 1 ? n : 1; }

int32_t cla_lu(int32_t m, int32_t n, double *a, int32_t *pivot) {
  int32_t lda = at_least_1(m), info = 0;
  dgetrf_(&m, &n, a, &lda, pivot, &info);
  return info;
}

int32_t cla_solve(int32_t n, int32_t count, double *a, int32_t *pivot, double *b) {
  int32_t ld = at_least_1(n), info = 0;
  dgesv_(&n, &count, a, &ld, pivot, b, &ld, &info);
  return info;
}

int32_t cla_svd(char job, int32_t m, int32_t n, double *a, double *s, double *u, double *vt, double *work, int32_t lwork,
                int32_t *iwork) {
  int32_t lda = at_least_1(m), least = m < n ? m : n, ldvt = at_least_1(job == 'S' ? least : n), info = 0;
  dgesdd_(&job, &m, &n, a, &lda, s, u, &lda, vt, &ldvt, work, &lwork, iwork, &info);
  return info;
}

int32_t cla_eigen_symmetric(char job, char half, int32_t n, double *a, double *values, double *work, int32_t lwork,
                            int32_t *iwork, int32_t liwork) {
  int32_t lda = at_least_1(n), info = 0;
  dsyevd_(&job, &half, &n, a, &lda, values, work, &lwork, iwork, &liwork, &info);
  return info;
}

int32_t cla_eigen(char job, int32_t n, double *a, double *real, double *imaginary, double *vectors, double *work, int32_t lwork) {
  int32_t ld = at_least_1(n), one = 1, info = 0;
  char none = 'N';
  dgeev_(&none, &job, &n, a, &ld, real, imaginary, 0, &one, vectors, &ld, work, &lwork, &info);
  return info;
}

int32_t cla_qr(int32_t m, int32_t n, double *a, double *tau, double *work, int32_t lwork) {
  int32_t lda = at_least_1(m), info = 0;
  dgeqrf_(&m, &n, a, &lda, tau, work, &lwork, &info);
  return info;
}

int32_t cla_qr_vectors(int32_t m, int32_t n, int32_t k, double *a, const double *tau, double *work, int32_t lwork) {
  int32_t lda = at_least_1(m), info = 0;
  dorgqr_(&m, &n, &k, a, &lda, tau, work, &lwork, &info);
  return info;
}

int32_t cla_cholesky(int32_t n, double *a) {
  int32_t lda = at_least_1(n), info = 0;
  char half = 'L';
  dpotrf_(&half, &n, a, &lda, &info);
  return info;
}

int32_t cla_least_squares(int32_t m, int32_t n, int32_t count, double *a, double *b, double *s, double rcond, int32_t *rank,
                          double *work, int32_t lwork, int32_t *iwork) {
  int32_t lda = at_least_1(m), ldb = at_least_1(m > n ? m : n), info = 0;
  dgelsd_(&m, &n, &count, a, &lda, b, &ldb, s, &rcond, rank, work, &lwork, iwork, &info);
  return info;
}
