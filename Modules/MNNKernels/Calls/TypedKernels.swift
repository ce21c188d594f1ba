package import CKernels
package import MNNGraph

/// Kernels over memory whose element type is known only at run time. Strides are counted in elements; nothing is checked here: ask
/// `kernel(for:)`, `kernelTypes` and `hasKernel(for:)` first.
package enum TypedKernels {
  /// `z = f(x, y)` over loops of `sizes`, `z` row-major; the activation is applied to float32 alone.
  package static func binary(
    _ isa: UInt32, _ kind: ck_binary_kind, _ dtype: DType, _ rank: Int, _ sizes: UnsafePointer<Int>, _ x: UnsafeRawPointer,
    _ xStrides: UnsafePointer<Int>, _ y: UnsafeRawPointer, _ yStrides: UnsafePointer<Int>, _ z: UnsafeMutableRawPointer,
    activation: ck_activation = ck_activation(), _ threads: Int32
  ) {
    switch dtype {
    case .float32:
      ck_f32_binary(
        isa, kind, rank, sizes, x.assumingMemoryBound(to: Float.self), xStrides, y.assumingMemoryBound(to: Float.self), yStrides,
        z.assumingMemoryBound(to: Float.self), activation, threads)
    case .float64:
      ck_f64_binary(
        isa, kind, rank, sizes, x.assumingMemoryBound(to: Double.self), xStrides, y.assumingMemoryBound(to: Double.self),
        yStrides,
        z.assumingMemoryBound(to: Double.self), threads)
    case .int32:
      ck_i32_binary(
        isa, kind, rank, sizes, x.assumingMemoryBound(to: Int32.self), xStrides, y.assumingMemoryBound(to: Int32.self), yStrides,
        z.assumingMemoryBound(to: Int32.self), threads)
    case .int64:
      ck_i64_binary(
        isa, kind, rank, sizes, x.assumingMemoryBound(to: Int64.self), xStrides, y.assumingMemoryBound(to: Int64.self), yStrides,
        z.assumingMemoryBound(to: Int64.self), threads)
    default:
      ck_u8_binary(
        isa, kind, rank, sizes, x.assumingMemoryBound(to: UInt8.self), xStrides, y.assumingMemoryBound(to: UInt8.self), yStrides,
        z.assumingMemoryBound(to: UInt8.self), threads)
    }
  }

  /// `z` = 1 where the comparison holds, else 0.
  package static func compare(
    _ isa: UInt32, _ kind: ck_compare_kind, _ dtype: DType, _ rank: Int, _ sizes: UnsafePointer<Int>, _ x: UnsafeRawPointer,
    _ xStrides: UnsafePointer<Int>, _ y: UnsafeRawPointer, _ yStrides: UnsafePointer<Int>, _ z: UnsafeMutablePointer<UInt8>,
    _ threads: Int32
  ) {
    switch dtype {
    case .float32:
      ck_f32_compare(
        isa, kind, rank, sizes, x.assumingMemoryBound(to: Float.self), xStrides, y.assumingMemoryBound(to: Float.self), yStrides,
        z,
        threads)
    case .float64:
      ck_f64_compare(
        isa, kind, rank, sizes, x.assumingMemoryBound(to: Double.self), xStrides, y.assumingMemoryBound(to: Double.self),
        yStrides, z,
        threads)
    case .int32:
      ck_i32_compare(
        isa, kind, rank, sizes, x.assumingMemoryBound(to: Int32.self), xStrides, y.assumingMemoryBound(to: Int32.self), yStrides,
        z,
        threads)
    default:
      ck_i64_compare(
        isa, kind, rank, sizes, x.assumingMemoryBound(to: Int64.self), xStrides, y.assumingMemoryBound(to: Int64.self), yStrides,
        z,
        threads)
    }
  }

  /// `x: [outer, count, inner]` to `y: [outer, inner]`.
  package static func reduce(
    _ isa: UInt32, _ kind: ck_reduce_kind, _ dtype: DType, _ run: ReductionRun, _ x: UnsafeRawPointer,
    _ y: UnsafeMutableRawPointer, _ threads: Int32
  ) {
    switch dtype {
    case .float32:
      ck_f32_reduce(
        isa, kind, run.outer, run.count, run.inner, x.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: Float.self),
        threads)
    case .float64:
      ck_f64_reduce(
        isa, kind, run.outer, run.count, run.inner, x.assumingMemoryBound(to: Double.self),
        y.assumingMemoryBound(to: Double.self),
        threads)
    case .int32:
      ck_i32_reduce(
        isa, kind, run.outer, run.count, run.inner, x.assumingMemoryBound(to: Int32.self), y.assumingMemoryBound(to: Int32.self),
        threads)
    case .int64:
      ck_i64_reduce(
        isa, kind, run.outer, run.count, run.inner, x.assumingMemoryBound(to: Int64.self), y.assumingMemoryBound(to: Int64.self),
        threads)
    default:
      ck_u8_reduce(
        isa, kind, run.outer, run.count, run.inner, x.assumingMemoryBound(to: UInt8.self), y.assumingMemoryBound(to: UInt8.self),
        threads)
    }
  }
}
