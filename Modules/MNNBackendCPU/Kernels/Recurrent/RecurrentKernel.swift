import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// What the CPU's recurrent kernel can compute of a layer, in its own words.
struct RecurrentPlan {
  let cell: ck_cell
  let direction: RecurrentDirection
  /// Of a simple layer.
  var activation = ck_activation()
  /// Both biases are added to the input's part; else the last gate's recurrent bias stays with the state's part.
  let joinsBiases: Bool

  var gates: Int { ck_cell_gates(cell) }
}

/// An operator that goes along sequences.
protocol RecurrentOperator: Operator {
  /// Nil and a reason if the kernel has no such cell.
  func recurrentPlan(_ request: KernelRequest) -> Result<RecurrentPlan, RefusedRecurrence>
}

struct RefusedRecurrence: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

extension LSTM: RecurrentOperator {
  func recurrentPlan(_ request: KernelRequest) -> Result<RecurrentPlan, RefusedRecurrence> {
    if couplesInputForget || clip != nil { return .failure(.init("coupled gates or a bound")) }
    if request.has(7) { return .failure(.init("peepholes")) }
    if activations != LSTM(direction: direction).activations { return .failure(.init("other functions than sigmoid and tanh")) }
    return .success(RecurrentPlan(cell: CK_CELL_LSTM, direction: direction, joinsBiases: true))
  }
}

extension GRU: RecurrentOperator {
  func recurrentPlan(_ request: KernelRequest) -> Result<RecurrentPlan, RefusedRecurrence> {
    if clip != nil { return .failure(.init("a bound")) }
    if !resetsAfterProduct { return .failure(.init("a reset gate before the product")) }
    if activations != GRU(direction: direction).activations { return .failure(.init("other functions than sigmoid and tanh")) }
    return .success(RecurrentPlan(cell: CK_CELL_GRU, direction: direction, joinsBiases: false))
  }
}

extension RNN: RecurrentOperator {
  func recurrentPlan(_ request: KernelRequest) -> Result<RecurrentPlan, RefusedRecurrence> {
    if clip != nil { return .failure(.init("a bound")) }
    var plan = RecurrentPlan(cell: CK_CELL_RNN, direction: direction, joinsBiases: true)
    guard let first = activations.first, activations.allSatisfy({ $0 == first }) else {
      return .failure(.init("a function of its own per direction"))
    }
    switch first {
    case .tanh, .relu, .sigmoid: plan.activation = first.epilogue
    default: return .failure(.init("other functions than tanh, ReLU and sigmoid"))
    }
    return .success(plan)
  }
}

/// Recurrent layers with constant weights: the product with the input for all steps at once, then step by step the product with
/// the state and the cell, a direction per thread.
final class RecurrentKernel<Op: RecurrentOperator>: CPUKernel, @unchecked Sendable {
  // Unchecked: `plan` is a value of C and never written again.
  private let plan: RecurrentPlan
  private let processor: Processor
  private let input: PackedStorage
  private let recurrent: PackedStorage
  /// Floats from one direction to the next in `input` and `recurrent`.
  private let inputFloats: Int
  private let recurrentFloats: Int
  /// `[directions, gates * hidden]`, for the input's part and, of a GRU, for the state's part.
  private let inputBias: PackedStorage
  private let stateBias: PackedStorage?

  static func support(_ op: Op, _ request: KernelRequest, on processor: Processor) -> Support {
    for i in [0, 1, 2, 3, 5, 6] where request.has(i) && request.dtype(i) != .float32 { return .unsupported("only float32") }
    for i in [1, 2, 3] where request.has(i) && request.constant(i) == nil {
      return .unsupported("weights that are not constant")
    }
    if request.has(4) { return .unsupported("sequences of several lengths") }
    guard let x = try? request.sizes(0), let r = try? request.sizes(2), !x.contains(0), r.count == 3, r[2] > 0 else {
      return .unsupported("sizes are not known, or zero")
    }
    switch op.recurrentPlan(request) {
    case .success: return .supported
    case .failure(let refusal): return .unsupported(refusal.reason)
    }
  }

  init(_ op: Op, _ request: KernelRequest, on processor: Processor, settings: ExecutionSettings) throws(RunError) {
    guard case .success(let plan) = op.recurrentPlan(request), let w = request.constant(1), let r = request.constant(2) else {
      throw RunError(.unsupported, "a recurrent layer that the kernel does not compute", found: "\(op)")
    }
    self.plan = plan
    self.processor = processor
    let width = try request.sizes(1)[2]
    let hidden = try request.sizes(2)[2]
    let (directions, rows) = (plan.direction.count, plan.gates &* hidden)
    func pack(_ weight: Tensor, _ k: Int) throws(RunError) -> (PackedStorage, Int) {
      let each = (ck_f32_gemm_packed_bytes(processor.gemm, k, rows) / MemoryLayout<Float>.stride + 15) / 16 &* 16
      let packed = try PackedStorage(byteCount: directions &* each &* MemoryLayout<Float>.stride)
      weight.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: Float.self) else { return }
        for d in 0..<directions {
          ck_f32_gemm_pack(
            processor.gemm, k, rows, base + d &* rows &* k, 1, k, packed.floats + d &* each, Int32(settings.threads))
        }
      }
      return (packed, each)
    }
    (input, inputFloats) = try pack(w, width)
    (recurrent, recurrentFloats) = try pack(r, hidden)
    var inputBias = [Float](repeating: 0, count: directions &* rows)
    var stateBias = inputBias
    if let bias = request.constant(3) {
      let values = try asRunError { () throws(GraphError) in try bias.scalars(as: Float.self) }
      for d in 0..<directions {
        for row in 0..<rows {
          let (own, other) = (values[2 &* d &* rows &+ row], values[(2 &* d &+ 1) &* rows &+ row])
          inputBias[d &* rows &+ row] = plan.joinsBiases ? own + other : own
          stateBias[d &* rows &+ row] = other
        }
      }
    }
    self.inputBias = try PackedStorage(inputBias)
    self.stateBias = plan.joinsBiases ? nil : try PackedStorage(stateBias)
  }

  var packedInputs: [Int] { [1, 2] }
  var packedByteCount: Int { input.byteCount + recurrent.byteCount }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let sizes = try request.sizes(0)
    let hidden = try request.sizes(2)[2]
    let (steps, batch, width, directions) = (sizes[0], sizes[1], sizes[2], plan.direction.count)
    let (rows, states) = (plan.gates &* hidden, batch &* hidden)
    guard steps > 0 else { throw RunError(.unsupported, "a recurrent layer without steps: \"\(request.nodeName)\"") }
    var product = ck_f32_gemm_args()
    (product.m, product.n, product.k, product.batch) = (steps &* batch, rows, width, 1)
    (product.a_row, product.a_block) = (width, processor.block)
    (product.o_row, product.o_block) = (rows, processor.block)
    var layer = ck_f32_recurrent_args()
    (layer.cell, layer.activation) = (plan.cell, plan.activation)
    (layer.steps, layer.batch, layer.hidden, layer.directions) = (steps, batch, hidden, directions)
    layer.reverse = plan.direction == .reverse ? 1 : 0
    layer.weights_floats = recurrentFloats
    // Scratch: the input's part, the cells' state, then whichever of the two parts is at work.
    func padded(_ floats: Int) -> Int { (floats + 15) / 16 &* 16 }
    let (inputsFloats, cellFloats) = (padded(directions &* steps &* batch &* rows), padded(directions &* states))
    let working = max(
      ck_f32_gemm_scratch_bytes(processor.gemm, &product, Int32(settings.threads)),
      ck_f32_recurrent_scratch_bytes(processor.gemm, &layer))
    let drafts = UncheckedBox((product, layer))
    return CPULaunch(
      "recurrent \(processor.gemmName)", scratch: (inputsFloats &+ cellFloats) &* MemoryLayout<Float>.stride &+ working,
      operations: 2 &* directions &* steps &* batch &* rows &* (width &+ hidden)
    ) { [self] arguments throws(RunError) in
      guard let inputs = arguments.floatScratch else { throw RunError(.device, "a recurrent layer has no scratch memory") }
      var (product, layer) = drafts.value
      let cells = inputs + inputsFloats
      let rest = UnsafeMutableRawPointer(cells + cellFloats)
      product.a = try arguments.input(0)
      for d in 0..<directions {
        product.b = UnsafePointer(input.floats + d &* inputFloats)
        product.out = inputs + d &* steps &* batch &* rows
        product.epilogue.bias = UnsafePointer(inputBias.floats + d &* rows)
        ck_f32_gemm(processor.gemm, &product, rest, arguments.threadCount)
      }
      let out: UnsafeMutablePointer<Float> = try arguments.result(0)
      layer.inputs = UnsafePointer(inputs)
      layer.weights = UnsafePointer(recurrent.floats)
      layer.bias = stateBias.map { UnsafePointer($0.floats) }
      layer.h0 = arguments.optionalInput(5)
      layer.c = cells
      layer.out = out
      if plan.cell == CK_CELL_LSTM {
        if let first: UnsafePointer<Float> = arguments.optionalInput(6) {
          cells.update(from: first, count: directions &* states)
        } else {
          cells.update(repeating: 0, count: directions &* states)
        }
      }
      ck_f32_recurrent(processor.gemm, processor.isa, &layer, rest, arguments.threadCount)
      if let last = arguments.resultAddress(1)?.assumingMemoryBound(to: Float.self) {
        for d in 0..<directions {
          let backwards = plan.direction == .reverse || d == 1
          let step = backwards ? 0 : steps - 1
          (last + d &* states).update(from: out + (step &* directions &+ d) &* states, count: states)
        }
      }
      if plan.cell == CK_CELL_LSTM, let last = arguments.resultAddress(2)?.assumingMemoryBound(to: Float.self) {
        last.update(from: cells, count: directions &* states)
      }
    }
  }
}
