import CKernels
package import MNNGraph

/// The kernels as plain functions over memory, for modules of arrays that compute at once and without a graph.
///
/// Sizes and strides are counted in elements; nothing is checked here. Results are the same for any number of threads.
package enum ArrayKernels {
  // Whoever computes at once asks for `Processor.current` first, and throws what it throws.
  private static let isa: UInt32 = (try? Processor.current)?.isa ?? UInt32(CK_ISA_SCALAR)

  /// The largest number of loops that strided functions take.
  package static let maximumRank = Int(CK_MAX_RANK)

  /// `y[i] = f(x[i])`; `y` may be `x`.
  package static func unary(
    _ f: FloatFunction, count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, threads: Int = 1
  ) {
    ck_f32_unary(isa, f.kind, 0, 0, count, x, y, Int32(threads))
  }

  /// `y[i] = min(max(x[i], low), high)`; NaN stays NaN.
  package static func clamp(
    _ low: Float, _ high: Float, count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, threads: Int = 1
  ) {
    ck_f32_unary(isa, CK_FUNCTION_CLIP, low, high, count, x, y, Int32(threads))
  }

  /// A function of a float, without parameters, that has a kernel.
  package struct FloatFunction: Sendable {
    fileprivate let kind: ck_function

    /// nil if `function` has no kernel for floats.
    package init?(_ function: ScalarFunction) {
      guard let kind = function.kernel else { return nil }
      self.kind = kind
    }
  }

  /// A function of two floats that has a kernel.
  package struct FloatArithmetic: Sendable {
    fileprivate let kind: ck_binary_kind

    /// nil if `function` has no kernel for floats.
    package init?(_ function: Binary.Function) {
      guard let kind = function.kernel(for: .float32) else { return nil }
      self.kind = kind
    }

    fileprivate init(kind: ck_binary_kind) { self.kind = kind }

    package static let subtract = FloatArithmetic(kind: CK_BINARY_SUB)
  }

  /// `z = f(x, y)` over loops of `sizes`, `z` row-major; stride 0 repeats an operand.
  package static func binary(
    _ f: FloatArithmetic, sizes: [Int], _ x: UnsafePointer<Float>, _ xStrides: [Int], _ y: UnsafePointer<Float>,
    _ yStrides: [Int], _ z: UnsafeMutablePointer<Float>, threads: Int = 1
  ) {
    ck_f32_binary(isa, f.kind, sizes.count, sizes, x, xStrides, y, yStrides, z, ck_activation(), Int32(threads))
  }

  /// One loop of ``binary(_:sizes:_:_:_:_:_:threads:)``, which needs no memory for lists.
  package static func binary(
    _ f: FloatArithmetic, count: Int, _ x: UnsafePointer<Float>, step xStep: Int, _ y: UnsafePointer<Float>, step yStep: Int,
    _ z: UnsafeMutablePointer<Float>, threads: Int = 1
  ) {
    var (size, xStride, yStride) = (count, xStep, yStep)
    ck_f32_binary(isa, f.kind, 1, &size, x, &xStride, y, &yStride, z, ck_activation(), Int32(threads))
  }

  /// `z[i]` = 1 where the comparison holds, else 0; one loop.
  package static func compare(
    _ f: Comparison.Function, count: Int, _ x: UnsafePointer<Float>, step xStep: Int, _ y: UnsafePointer<Float>, step yStep: Int,
    _ z: UnsafeMutablePointer<UInt8>, threads: Int = 1
  ) {
    var (size, xStride, yStride) = (count, xStep, yStep)
    ck_f32_compare(isa, f.kind, 1, &size, x, &xStride, y, &yStride, z, Int32(threads))
  }

  /// `z = condition ? x : y` over elements of `width` bytes.
  package static func select(
    width: Int, sizes: [Int], _ condition: UnsafePointer<UInt8>, _ conditionStrides: [Int], _ x: UnsafeRawPointer,
    _ xStrides: [Int], _ y: UnsafeRawPointer, _ yStrides: [Int], _ z: UnsafeMutableRawPointer, threads: Int = 1
  ) {
    ck_select(
      isa, width, sizes.count, sizes, condition, conditionStrides, x, xStrides, y, yStrides, z, Int32(threads))
  }

  /// Copies elements of `width` bytes over loops of `sizes`; source strides may be 0 or negative.
  package static func copy(
    width: Int, sizes: [Int], from source: UnsafeRawPointer, _ sourceStrides: [Int], to target: UnsafeMutableRawPointer,
    _ targetStrides: [Int], threads: Int = 1
  ) {
    ck_copy_strided(isa, width, sizes.count, sizes, source, sourceStrides, target, targetStrides, Int32(threads))
  }

  /// Converts `count` numbers. To integers: from floats toward zero, saturating; from integers the low bits.
  package static func convert(
    _ from: DType, _ to: DType, count: Int, _ x: UnsafeRawPointer, _ y: UnsafeMutableRawPointer, threads: Int = 1
  ) {
    ck_convert(isa, from.number, to.number, count, x, y, Int32(threads))
  }

  /// `y[i, :] = x[indices[i], :]` for rows of `rowBytes` bytes; negative indices count from the end.
  /// - Returns: false, having stopped early, if an index is out of range.
  package static func gatherRows(
    count: Int, rows: Int, rowBytes: Int, _ x: UnsafeRawPointer, _ indices: UnsafePointer<Int64>, _ y: UnsafeMutableRawPointer,
    threads: Int = 1
  ) -> Bool {
    ck_gather_rows(count, rows, rowBytes, x, indices, y, Int32(threads)) != 0
  }

  /// Sorts keys, rising; `scratch` has room for as many.
  package static func sort(
    count: Int, _ keys: UnsafeMutablePointer<UInt32>, scratch: UnsafeMutablePointer<UInt32>
  ) {
    ck_u32_sort(isa, count, keys, scratch)
  }

  /// Sorts floats, rising, NaN last; `scratch` has room for as many keys.
  package static func sort(
    count: Int, _ x: UnsafePointer<Float>, to sorted: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<UInt32>
  ) {
    ck_f32_sort(isa, count, x, sorted, scratch)
  }

  /// `x: [outer, count, inner]` to `y: [outer, inner]`. Sums are of floats: cut long ones into pieces.
  package static func reduce(
    _ f: Reduce.Function, outer: Int, count: Int, inner: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    threads: Int = 1
  ) {
    ck_f32_reduce(isa, f.kind, outer, count, inner, x, y, Int32(threads))
  }

  /// The index of the greatest or least of `x: [outer, count, inner]`, the first of equals; the first NaN wins.
  package static func argReduce(
    least: Bool, outer: Int, count: Int, inner: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Int64>,
    threads: Int = 1
  ) {
    ck_f32_arg_reduce(isa, least ? 1 : 0, 0, outer, count, inner, x, y, 8, Int32(threads))
  }

  /// Where the factors and the result of a matrix product lie.
  package struct ProductLayout: Sendable {
    package var rows: Int
    package var columns: Int
    package var depth: Int
    package var leftRow: Int
    package var leftColumn: Int
    package var rightRow: Int
    package var rightColumn: Int

    package init(rows: Int, columns: Int, depth: Int, leftRow: Int, leftColumn: Int, rightRow: Int, rightColumn: Int) {
      self.rows = rows
      self.columns = columns
      self.depth = depth
      self.leftRow = leftRow
      self.leftColumn = leftColumn
      self.rightRow = rightRow
      self.rightColumn = rightColumn
    }
  }

  /// `z = x * y`, `z` row-major; `batch` products whose operands are `xStep`, `yStep` floats apart (0: the same again).
  ///
  /// - Throws: ``GraphError/Code/outOfMemory`` if there is no room to pack a factor.
  package static func product(
    _ layout: ProductLayout, batch: Int = 1, _ x: UnsafePointer<Float>, step xStep: Int = 0, _ y: UnsafePointer<Float>,
    step yStep: Int = 0, _ z: UnsafeMutablePointer<Float>, threads: Int = 1
  ) throws(GraphError) {
    guard let config = ck_gemm_select(CK_TYPE_F32, isa) else { return }
    var call = ck_f32_matmul_args()
    (call.m, call.n, call.k) = (layout.rows, layout.columns, layout.depth)
    call.batch = (1, 1, 1, batch)
    (call.a, call.a_row, call.a_column, call.a_batch) = (x, layout.leftRow, layout.leftColumn, (0, 0, 0, xStep))
    (call.b, call.b_row, call.b_column, call.b_batch) = (y, layout.rightRow, layout.rightColumn, (0, 0, 0, yStep))
    (call.out, call.o_row, call.o_batch) = (z, layout.columns, (0, 0, 0, layout.rows * layout.columns))
    let bytes = ck_f32_matmul_scratch_bytes(config, &call, Int32(threads))
    let scratch = try TensorStorage.allocate(byteCount: bytes)
    withExtendedLifetime(scratch) { ck_f32_matmul(config, &call, scratch.base, Int32(threads)) }
  }
}
