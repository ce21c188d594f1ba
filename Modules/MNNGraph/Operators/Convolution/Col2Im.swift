/// Sums columns of blocks back into the image they were cut from: the opposite of im2col.
///
/// - Inputs: `columns` `[N, C * block, positions]`; `imageSizes` and `blockSizes`, integers, one per spatial axis, constant
///   when the graph is planned.
/// - Result: `[N, C, imageSizes…]`; where blocks overlap their elements are added.
/// - SeeAlso: ONNX Col2Im, opset 18; `.mnn` operator Col2Im.
public struct Col2Im: PrimitiveOperator, Codable {
  public var strides: [Int]
  public var dilations: [Int]
  public var padding: SpatialPadding

  public init(strides: [Int] = [], dilations: [Int] = [], padding: SpatialPadding = .none) {
    self.strides = strides
    self.dilations = dilations
    self.padding = padding
  }

  private func geometry(
    _ operands: Operands
  ) throws(GraphError) -> (window: SlidingWindow, sizes: [Int], positions: [Int], block: Int) {
    let columns = try operands.type(0, rank: 3)
    let sizes = try operands.integers(1)
    let window = try SlidingWindow(
      kernel: try operands.integers(2), strides: strides, dilations: dilations, padding: padding)
    let positions = try Shape(window.resultSizes(for: sizes.map { Dimension($0) })).concreteSizes()
    let block = try checkedElementCount(window.kernel)
    if let rows = columns.shape[1].value, rows % block != 0 {
      throw GraphError(
        .shapeMismatch, "columns do not divide into blocks", expected: "a multiple of \(block)", found: "\(rows)")
    }
    try requireEqual(Dimension(try checkedElementCount(positions)), columns.shape[2], "the number of columns")
    return (window, sizes, positions, block)
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let columns = try operands.type(0, rank: 3)
    let (_, sizes, _, block) = try geometry(operands)
    let channels = columns.shape[1] / Dimension(block)
    return [TensorType(columns.dtype, Shape([columns.shape[0], channels] + sizes.map { Dimension($0) }))]
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    // Every element of the kernel looks at every column, also where there are no channels.
    let taps = (try? operands.integers(2))?.saturatingProduct ?? 1
    return .elements(operands, results) + Work(operations: taps.saturatingMultiply(operands.size(0, axis: 2)))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let shape = try type.shape.concreteSizes()
    let (window, sizes, positions, block) = try geometry(arguments.operands)
    let count = positions.reduce(1, *)
    let area = sizes.reduce(1, *)
    let columns = try arguments.scalars(0, as: Double.self)
    return [
      try Tensor.computed(type.dtype, shape) { y throws(GraphError) in
        for (k, tap) in IndexSequence(window.kernel).enumerated() {
          let targets = try window.taps(tap, positions: positions, sizes: sizes)
          for plane in 0..<(shape[0] * shape[1]) {
            for p in 0..<count where targets[p] >= 0 {
              y[plane * area + targets[p]] += columns[(plane * block + k) * count + p]
            }
          }
        }
      }
    ]
  }
}
