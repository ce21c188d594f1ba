import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

final class FusedElementwiseKernel: StatelessKernel<FusedElementwise>, CPUKernel, @unchecked Sendable {
  static func support(_ op: FusedElementwise, _ request: KernelRequest, on processor: Processor) -> Support {
    guard let types = try? op.stepTypes(for: request.operands), ChainProgram(op, types, request) != nil else {
      return .unsupported("a step that is no kernel's")
    }
    return broadcastSupport(request)
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let op = op
    let types = try asRunError { () throws(GraphError) in try op.stepTypes(for: request.operands) }
    guard let program = ChainProgram(op, types, request) else {
      throw RunError(.unsupported, "a chain of elementwise operators has no kernel")
    }
    let shape = try request.resultSizes()
    var operands: [[Int]] = []
    for i in 0..<request.operands.count { operands.append(try request.sizes(i)) }
    let loop = LoopNest(broadcasting: operands, to: shape)
    let width = request.results[0].dtype.byteCount
    let inPlace = operands.indices.filter { operands[$0] == shape && request.dtype($0)?.byteCount == width }
    let strides = loop.strides.flatMap { $0 }
    let (isa, count, rank, sizes) = (processor.isa, operands.count, loop.rank, loop.sizes)
    return CPULaunch("chain of \(op.steps.count)", inPlace: inPlace) { arguments throws(RunError) in
      let result = try arguments.rawResult(0)
      try withUnsafeTemporaryAllocation(of: UnsafeRawPointer?.self, capacity: count) { addresses throws(RunError) in
        for i in 0..<count { addresses.initializeElement(at: i, to: try arguments.rawInput(i)) }
        withUnsafePointer(to: program.chain.value) { chain in
          ck_run_chain(isa, chain, rank, sizes, addresses.baseAddress, strides, result, arguments.threadCount)
        }
      }
    }
  }
}

/// The steps as the kernel takes them.
struct ChainProgram: Sendable {
  let chain: UncheckedBox<ck_chain>

  /// - Parameter types: of every step.
  /// - Returns: nil if the kernel lacks a function or has not enough places.
  init?(_ op: FusedElementwise, _ types: [TensorType], _ request: KernelRequest) {
    guard request.operands.count <= Int(CK_CHAIN_OPERANDS), op.steps.count <= Int(CK_CHAIN_STEPS), let last = types.last,
      let registers = Registers(op, types)
    else { return nil }
    var chain = ck_chain()
    (chain.operands, chain.steps, chain.result) = (request.operands.count, op.steps.count, last.dtype.number)
    for i in 0..<request.operands.count {
      guard let dtype = request.dtype(i) else { return nil }
      withUnsafeMutableBytes(of: &chain.type) { $0.bindMemory(to: ck_number.self)[i] = dtype.number }
    }
    for (index, step) in op.steps.enumerated() {
      let operands = step.sources.map { source -> DType? in
        switch source {
        case .input(let i): request.dtype(i)
        case .step(let i): types[i].dtype
        }
      }
      guard var form = ck_step(step.function, operands, types[index].dtype) else { return nil }
      for (i, source) in step.sources.enumerated() {
        let place: Int32 =
          switch source {
          case .input(let i): ~Int32(i)
          case .step(let i): Int32(registers.places[i])
          }
        withUnsafeMutableBytes(of: &form.operand) { $0.bindMemory(to: Int32.self)[i] = place }
      }
      form.operands = Int32(step.sources.count)
      form.target = index == op.steps.count - 1 ? -1 : Int32(registers.places[index])
      withUnsafeMutableBytes(of: &chain.step) { $0.bindMemory(to: ck_step.self)[index] = form }
    }
    self.chain = UncheckedBox(chain)
  }

  /// Where the steps' results are kept: a place is free again after the last step that uses it.
  private struct Registers {
    var places: [Int] = []

    init?(_ op: FusedElementwise, _ types: [TensorType]) {
      var lastUse = Array(op.steps.indices)
      for (index, step) in op.steps.enumerated() {
        for case .step(let source) in step.sources { lastUse[source] = index }
      }
      // One place is the kernel's own.
      var busyUntil = [Int](repeating: -1, count: Int(CK_CHAIN_REGISTERS) - 1)
      for index in op.steps.indices {
        guard let place = busyUntil.firstIndex(where: { $0 < index }) else { return nil }
        places.append(place)
        busyUntil[place] = lastUse[index]
      }
    }
  }
}

extension ck_step {
  /// A function on operands of these types; nil if the kernels lack it.
  fileprivate init?(_ function: FusedElementwise.Function, _ operands: [DType?], _ result: DType) {
    guard let dtype = operands.last ?? nil else { return nil }
    self.init()
    (type, self.result) = (dtype.number, result.number)
    switch function {
    case .binary(let op):
      guard operands[0] == dtype, let kind = op.function.kernel(for: dtype) else { return nil }
      (self.op, self.kind) = (CK_STEP_BINARY, kind.rawValue)
    case .parametricRelu:
      guard operands == [.float32, .float32] else { return nil }
      (self.op, kind) = (CK_STEP_BINARY, CK_BINARY_PRELU.rawValue)
    case .comparison(let op):
      guard operands[0] == dtype, Comparison.kernelTypes.contains(dtype) else { return nil }
      (self.op, kind) = (CK_STEP_COMPARE, op.function.kind.rawValue)
    case .select:
      guard operands[0] == .bool, operands[1] == dtype else { return nil }
      self.op = CK_STEP_SELECT
    case .cast: self.op = CK_STEP_CAST
    case .unary(let op) where op.function == .not:
      guard dtype == .bool else { return nil }
      self.op = CK_STEP_UNARY
    case .unary(let op):
      guard result == dtype, dtype != .bool, let form = TypedFunction(op.function, dtype) else { return nil }
      self.op = CK_STEP_UNARY
      kind = form.kind.rawValue
      (p0, p1) = (form.p0, form.p1)
      (low, high) = (form.low, form.high)
    }
  }
}
