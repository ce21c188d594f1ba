/// CKernels: the hand-tuned kernels of the CPU backend. One header per family, one table line per kernel.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "ckernels_bottleneck.h"
#include "ckernels_bytes.h"
#include "ckernels_cpu.h"
#include "ckernels_attention.h"
#include "ckernels_peak.h"
#include "ckernels_depthwise.h"
#include "ckernels_depthwise8.h"
#include "ckernels_elementwise.h"
#include "ckernels_epilogue.h"
#include "ckernels_float_mode.h"
#include "ckernels_function.h"
#include "ckernels_image.h"
#include "ckernels_indexing.h"
#include "ckernels_layout.h"
#include "ckernels_ordering.h"
#include "ckernels_pooling.h"
#include "ckernels_quantize.h"
#include "ckernels_recurrent.h"
#include "ckernels_reduce.h"
#include "ckernels_resize.h"
#include "ckernels_threads.h"
#include "ckernels_gemm.h"
#include "ckernels_gemm8.h"
#include "ckernels_narrow.h"
#include "ckernels_convolution.h"

#endif
