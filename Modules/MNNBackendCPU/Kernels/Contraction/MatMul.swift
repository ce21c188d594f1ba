import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Matrix products: a constant right factor is packed once, a variable one while running.
final class MatMulKernel: CPUKernel {
  private let product: ProductKernel

  static func support(_ op: MatMul, _ request: KernelRequest, on processor: Processor) -> Support {
    ProductKernel.support(FusedMatMul(op), block: nil, request)
  }

  init(_ op: MatMul, _ request: KernelRequest, on processor: Processor, settings: ExecutionSettings) throws(RunError) {
    product = try ProductKernel(FusedMatMul(op), block: nil, request, processor, settings)
  }

  var packedInputs: [Int] { product.packedInputs }
  var packedByteCount: Int { product.packedByteCount }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    try product.launch(for: request, settings: settings)
  }
}

final class FusedMatMulKernel: CPUKernel {
  private let product: ProductKernel

  static func support(_ op: FusedMatMul, _ request: KernelRequest, on processor: Processor) -> Support {
    ProductKernel.support(op, block: nil, request)
  }

  init(_ op: FusedMatMul, _ request: KernelRequest, on processor: Processor, settings: ExecutionSettings) throws(RunError) {
    product = try ProductKernel(op, block: nil, request, processor, settings)
  }

  var packedInputs: [Int] { product.packedInputs }
  var packedByteCount: Int { product.packedByteCount }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    try product.launch(for: request, settings: settings)
  }
}

final class BlockedProductKernel: CPUKernel {
  private let product: ProductKernel

  static func support(_ op: BlockedProduct, _ request: KernelRequest, on processor: Processor) -> Support {
    ProductKernel.support(op.product, block: op.block, request)
  }

  init(_ op: BlockedProduct, _ request: KernelRequest, on processor: Processor, settings: ExecutionSettings) throws(RunError) {
    product = try ProductKernel(op.product, block: op.block, request, processor, settings)
  }

  var packedInputs: [Int] { product.packedInputs }
  var packedByteCount: Int { product.packedByteCount }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    try product.launch(for: request, settings: settings)
  }
}

/// What the spellings of a product share.
final class ProductKernel: Sendable {
  private let op: FusedMatMul
  /// The result, an image with channels last, is blocked by so many; nil if it is plain.
  private let block: Int?
  private let processor: Processor
  /// The right factor, if it is constant and one matrix.
  private let packed: PackedStorage?
  /// The same in few bits or as bfloat16.
  private let narrow: NarrowWeights?

  static func support(_ op: FusedMatMul, block: Int?, _ request: KernelRequest) -> Support {
    guard op.activation.isFusable else { return .unsupported("\(op.activation)") }
    for i in 0..<min(request.operands.count, 4) where request.has(i) && request.dtype(i) != .float32 {
      if i == 1, op.quantization != nil { continue }
      return .unsupported("only float32")
    }
    if op.quantization != nil, [1, 4].contains(where: { request.constant($0) == nil }) {
      return .unsupported("quantized weights that are not constant")
    }
    guard let geometry = try? geometry(op, block, request) else { return .unsupported("sizes are not known") }
    if geometry.k == 0 { return .unsupported("nothing to sum over") }
    if block != nil, request.constant(1)?.rank != 2 || op.resultAxes != nil || op.aAxes != nil || op.product.transposesA {
      return .unsupported("blocks of a product without packed weights")
    }
    if geometry.resultColumn != 1 { return .unsupported("the result's columns are apart") }
    return geometry.batch.count <= Int(CK_MATMUL_BATCH_RANK) ? .supported : .unsupported("too many batch axes")
  }

  private static func geometry(_ op: FusedMatMul, _ block: Int?, _ request: KernelRequest) throws(RunError) -> ProductGeometry {
    let (a, b) = (try request.sizes(0), try request.sizes(1))
    guard block != nil else { return ProductGeometry(op, a: a, b: b, result: try request.resultSizes()) }
    // As rows, of which the kernel makes blocks.
    return ProductGeometry(op, a: a, b: b, result: a.dropLast() + [b[op.product.transposesB ? 0 : 1]])
  }

  init(
    _ op: FusedMatMul, block: Int?, _ request: KernelRequest, _ processor: Processor, _ settings: ExecutionSettings
  ) throws(RunError) {
    self.op = op
    self.block = block
    self.processor = processor
    let geometry = try ProductKernel.geometry(op, block, request)
    // Whether the rows of A follow each other depends on shapes, but a plain A always does.
    guard let b = request.constant(1), b.shape.dropLast(2).allSatisfy({ $0 == 1 }), op.aAxes == nil, op.resultAxes == nil,
      !op.product.transposesA, geometry.k > 0, geometry.n > 0
    else {
      (packed, narrow) = (nil, nil)
      return
    }
    narrow = try ProductKernel.narrow(b, geometry, op, request, processor, settings)
    guard narrow == nil else {
      packed = nil
      return
    }
    packed = try PackedStorage.packing(
      b, as: "gemm \(processor.gemmName)", [geometry.k, geometry.n, geometry.bRow, geometry.bColumn],
      byteCount: ck_f32_gemm_packed_bytes(processor.gemm, geometry.k, geometry.n)
    ) { packed in
      b.withFloats {
        ck_f32_gemm_pack(
          processor.gemm, geometry.k, geometry.n, $0, geometry.bRow, geometry.bColumn, packed, Int32(settings.threads))
      }
    }
  }

  /// The right factor as it stays in few bits, or as `precision: low` wants it; nil for floats.
  private static func narrow(
    _ b: Tensor, _ geometry: ProductGeometry, _ op: FusedMatMul, _ request: KernelRequest, _ processor: Processor,
    _ settings: ExecutionSettings
  ) throws(RunError) -> NarrowWeights? {
    let strides = NarrowWeights.Strides(tap: 0, k: geometry.bRow, n: geometry.bColumn)
    guard let quantization = op.quantization else {
      guard settings.precision.isLow else { return nil }
      return try NarrowWeights(
        floats: b, taps: 1, k: geometry.k, n: geometry.n, strides: strides, isa: processor.isa)
    }
    let axes = op.bAxes ?? Array(b.shape.indices)
    let (row, column) = (axes[b.rank - 2], axes[b.rank - 1])
    let (k, n) = op.product.transposesB ? (column, row) : (row, column)
    let parameters = (4...6).map { request.constant($0) }
    guard let scales = ColumnScales(quantization, codes: b.shape, scale: parameters[0]?.shape ?? [], k: k, n: n) else {
      throw RunError(.unsupported, "no kernel for such scales")
    }
    return try NarrowWeights(
      codes: b, parameters: parameters, scales: scales, taps: 1, k: geometry.k, n: geometry.n, strides: strides,
      isa: processor.isa)
  }

  var packedInputs: [Int] { op.quantization != nil ? [1, 4, 5, 6] : packed == nil && narrow == nil ? [] : [1] }
  var packedByteCount: Int { packed?.byteCount ?? narrow?.storage.byteCount ?? 0 }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let geometry = try ProductKernel.geometry(op, block, request)
    let extras = try ProductExtras(op, geometry, request)
    if let narrow { return try narrowLaunch(geometry.joiningBatch, narrow, extras, request, settings) }
    if let packed { return try packedLaunch(geometry.joiningBatch, packed, extras, request, settings) }
    return try stridedLaunch(geometry, extras, settings)
  }

  private func narrowLaunch(
    _ geometry: ProductGeometry, _ weights: NarrowWeights, _ extras: ProductExtras, _ request: KernelRequest,
    _ settings: ExecutionSettings
  ) throws(RunError) -> any Launch {
    guard geometry.batch.isEmpty else {
      throw RunError(.graph, "the rows of \"\(request.nodeName)\" are not in one piece")
    }
    let block = processor.block
    var draft = ck_narrow_args(rows: geometry.m, batch: 1)
    (draft.a_row, draft.a_block, draft.c) = (geometry.k, block, block)
    (draft.o_row, draft.o_block) = (geometry.n, block)
    if self.block != nil {
      let sizes = try request.resultSizes()
      let area = sizes[2] * sizes[3]
      draft = ck_narrow_args(rows: area, batch: sizes[0])
      (draft.a_row, draft.a_block, draft.a_batch, draft.c) = (geometry.k, block, area * geometry.k, block)
      (draft.o_row, draft.o_block, draft.o_batch) = (block, area * block, sizes[1] * area * block)
    }
    draft.epilogue = extras.epilogue
    let processor = processor
    return weights.launch(
      draft, bias: extras.fusesBias, residual: extras.fusesResidual, operations: geometry.operations, settings: settings
    ) { arguments throws(RunError) in try extras.finish(arguments, processor) }
  }

  private func packedLaunch(
    _ geometry: ProductGeometry, _ packed: PackedStorage, _ extras: ProductExtras, _ request: KernelRequest,
    _ settings: ExecutionSettings
  ) throws(RunError) -> any Launch {
    guard geometry.batch.isEmpty else {
      throw RunError(.graph, "the rows of \"\(request.nodeName)\" are not in one piece")
    }
    let processor = processor
    var draft = ck_f32_gemm_args()
    let block = processor.block
    (draft.m, draft.n, draft.k, draft.batch) = (geometry.m, geometry.n, geometry.k, 1)
    (draft.a_row, draft.a_block) = (geometry.k, block)
    (draft.o_row, draft.o_block) = (geometry.n, block)
    if self.block != nil {
      let sizes = try request.resultSizes()
      let area = sizes[2] * sizes[3]
      (draft.m, draft.batch) = (area, sizes[0])
      (draft.a_batch, draft.o_batch) = (area * geometry.k, sizes[1] * area * block)
      (draft.o_row, draft.o_block) = (block, area * block)
    }
    draft.epilogue = extras.epilogue
    let shape = UncheckedBox(draft)
    let scratch = ck_f32_gemm_scratch_bytes(processor.gemm, &draft, Int32(settings.threads))
    return CPULaunch(
      "gemm \(processor.gemmName)", scratch: scratch, inPlace: extras.inPlaceInputs, operations: geometry.operations
    ) { arguments throws(RunError) in
      var call = shape.value
      call.a = try arguments.input(0)
      call.b = UnsafePointer(packed.floats)
      call.out = try arguments.result(0)
      call.epilogue.bias = extras.fusesBias ? arguments.optionalInput(2) : nil
      call.epilogue.residual = extras.fusesResidual ? arguments.optionalInput(3) : nil
      ck_f32_gemm(processor.gemm, &call, arguments.scratchAddress, arguments.threadCount)
      try extras.finish(arguments, processor)
    }
  }

  private func stridedLaunch(
    _ geometry: ProductGeometry, _ extras: ProductExtras, _ settings: ExecutionSettings
  ) throws(RunError) -> any Launch {
    let processor = processor
    var draft = ck_f32_matmul_args()
    (draft.m, draft.n, draft.k) = (geometry.m, geometry.n, geometry.k)
    draft.batch = fourLoops(geometry.batch, filler: 1)
    (draft.a_row, draft.a_column, draft.a_batch) = (geometry.aRow, geometry.aColumn, fourLoops(geometry.aBatch, filler: 0))
    (draft.b_row, draft.b_column, draft.b_batch) = (geometry.bRow, geometry.bColumn, fourLoops(geometry.bBatch, filler: 0))
    (draft.o_row, draft.o_batch) = (geometry.resultRow, fourLoops(geometry.resultBatch, filler: 0))
    (draft.r_row, draft.r_batch) = (draft.o_row, draft.o_batch)
    draft.epilogue = extras.epilogue
    let shape = UncheckedBox(draft)
    let scratch = ck_f32_matmul_scratch_bytes(processor.gemm, &draft, Int32(settings.threads))
    return CPULaunch(
      "matmul \(processor.gemmName)", scratch: scratch, inPlace: extras.inPlaceInputs, operations: geometry.operations
    ) { arguments throws(RunError) in
      var call = shape.value
      call.a = try arguments.input(0)
      call.b = try arguments.input(1)
      call.out = try arguments.result(0)
      call.epilogue.bias = extras.fusesBias ? arguments.optionalInput(2) : nil
      call.epilogue.residual = extras.fusesResidual ? arguments.optionalInput(3) : nil
      ck_f32_matmul(processor.gemm, &call, arguments.scratchAddress, arguments.threadCount)
      try extras.finish(arguments, processor)
    }
  }
}

/// A value from C that is only copied.
struct UncheckedBox<Value>: @unchecked Sendable {
  // Unchecked: never written after it is made; its pointers are set in copies.
  let value: Value
  init(_ value: Value) { self.value = value }
}

/// Outermost first, the unused loops outermost.
func fourLoops(_ values: [Int], filler: Int) -> (Int, Int, Int, Int) {
  let padded = [Int](repeating: filler, count: max(4 - values.count, 0)) + values
  return (padded[0], padded[1], padded[2], padded[3])
}
