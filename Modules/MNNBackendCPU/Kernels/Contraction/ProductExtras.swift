import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// What a product does beyond multiplying: in the kernel's epilogue where that can, afterwards where it cannot.
struct ProductExtras: Sendable {
  /// The bias is a vector along the columns.
  let fusesBias: Bool
  /// The residual has the result's shape.
  let fusesResidual: Bool
  private let scale: Float
  private let activation: ScalarFunction
  private let addsResidualLast: Bool
  /// Operands to add after the product, with their loops.
  private let additions: [(input: Int, loop: LoopNest)]
  private let count: Int

  init(_ op: FusedMatMul, _ geometry: ProductGeometry, _ request: KernelRequest) throws(RunError) {
    let result = try request.resultSizes()
    scale = op.scale
    activation = op.activation
    addsResidualLast = op.addsResidualLast
    count = elementCount(result)
    var additions: [(Int, LoopNest)] = []
    func place(_ index: Int) throws(RunError) -> LoopNest {
      // The operand broadcasts to the product, whose axes the result may permute.
      let sizes = try request.sizes(index)
      guard let axes = op.resultAxes else { return LoopNest(broadcasting: [result, sizes], to: result) }
      let own = broadcastStrides(of: sizes, to: inverse(axes, result))
      return LoopNest(sizes: result, strides: [rowMajorStrides(result), axes.map { own[$0] }])
    }
    var (fusesBias, fusesResidual) = (false, false)
    if request.has(2) {
      let sizes = try request.sizes(2)
      let factorRank = try request.sizes(1).count
      fusesBias = sizes.last == geometry.n && sizes.dropLast().allSatisfy { $0 == 1 } && factorRank > 1
      if !fusesBias { additions.append((2, try place(2))) }
    }
    if request.has(3) {
      fusesResidual = try request.sizes(3) == result && op.resultAxes == nil && additions.isEmpty
      if !fusesResidual { additions.append((3, try place(3))) }
    }
    self.fusesBias = fusesBias
    self.fusesResidual = fusesResidual
    self.additions = additions
  }

  /// Without pointers.
  var epilogue: ck_f32_epilogue {
    var result = ck_f32_epilogue()
    result.scale = scale
    if additions.isEmpty {
      result.activation = activation.epilogue
      result.flags = addsResidualLast ? UInt32(CK_EPILOGUE_RESIDUAL_LAST) : 0
    }
    return result
  }

  var inPlaceInputs: [Int] { fusesResidual ? [3] : [] }

  /// The additions and the activation that the kernel could not do.
  func finish(_ arguments: LaunchArguments, _ processor: Processor) throws(RunError) {
    let y: UnsafeMutablePointer<Float> = try arguments.result(0)
    func activate() {
      guard let kernel = activation.kernel, activation != .identity else { return }
      ck_f32_unary(processor.isa, kernel, activation.a, activation.b, count, y, y, arguments.threadCount)
    }
    guard !additions.isEmpty else { return }
    for (input, loop) in additions {
      if input == 3, addsResidualLast { activate() }
      ck_f32_binary(
        processor.isa, CK_BINARY_ADD, loop.rank, loop.sizes, y, loop.strides[0], try arguments.input(input), loop.strides[1], y,
        ck_activation(), arguments.threadCount)
    }
    if !(addsResidualLast && additions.contains { $0.input == 3 }) { activate() }
  }
}

/// The sizes before a permutation, from those after it.
private func inverse(_ axes: [Int], _ sizes: [Int]) -> [Int] {
  var result = sizes
  for (i, axis) in axes.enumerated() { result[axis] = sizes[i] }
  return result
}
