#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The maximum, mean or norm of a window that slides over the spatial axes.
///
/// - Input: `x` `[N, C, d…]`.
/// - Results: `[N, C, …]`; with ``indices``, also where in `x` each maximum is, counted over the whole of `x`.
/// - SeeAlso: ONNX AveragePool, MaxPool, LpPool; `.mnn` operators Pooling and Pooling3D.
public struct Pool: PrimitiveOperator, Codable {
  public enum Function: Hashable, Sendable, Codable {
    case maximum, average
    /// `(Σ|x|^p)^(1/p)`.
    case norm(p: Int)
  }

  public var function: Function
  public var kernel: [Int]
  public var strides: [Int]
  public var dilations: [Int]
  public var padding: SpatialPadding
  public var rounding: WindowRounding
  /// An average divides by the number of elements in the window, padding included.
  public var countsPadding: Bool
  /// The type of the second result of ``Function/maximum``, or nil if there is none.
  public var indices: DType?
  /// Indices count the spatial axes in column-major order (ONNX `storage_order` 1).
  public var columnMajorIndices: Bool

  public init(
    _ function: Function, kernel: [Int], strides: [Int] = [], dilations: [Int] = [], padding: SpatialPadding = .none,
    rounding: WindowRounding = .floor, countsPadding: Bool = false, indices: DType? = nil,
    columnMajorIndices: Bool = false
  ) {
    self.function = function
    self.kernel = kernel
    self.strides = strides
    self.dilations = dilations
    self.padding = padding
    self.rounding = rounding
    self.countsPadding = countsPadding
    self.indices = indices
    self.columnMajorIndices = columnMajorIndices
  }

  public var resultCount: Int { indices == nil ? 1 : 2 }

  package func window() throws(GraphError) -> SlidingWindow {
    try SlidingWindow(kernel: kernel, strides: strides, dilations: dilations, padding: padding, rounding: rounding)
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rankAtLeast: 2)
    if case .norm(let p) = function { try requireAttribute(p > 0, "bad norm", expected: "above 0", found: "\(p)") }
    try requireAttribute(
      indices == nil || function == .maximum, "only a maximum has indices", expected: "maximum", found: "\(function)")
    let spatial = try window().resultSizes(for: Array(x.shape.dimensions.dropFirst(2)))
    let shape = Shape([x.shape[0], x.shape[1]] + spatial)
    return [TensorType(x.dtype, shape)] + (indices.map { [TensorType($0, shape)] } ?? [])
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let types = try resultTypes(for: arguments.operands)
    let shape = try types[0].shape.concreteSizes()
    let window = try window()
    let sizes = Array(try arguments.tensor(0).shape.dropFirst(2))
    let positions = Array(shape.dropFirst(2))
    let planes = shape[0] * shape[1]
    let area = sizes.reduce(1, *)
    let resultArea = positions.reduce(1, *)
    let x = try arguments.scalars(0, as: Double.self)
    var divisors = [Double](repeating: 0, count: resultArea)
    var best = [Int](repeating: -1, count: indices == nil ? 0 : planes * resultArea)
    let y = try Tensor.computed(types[0].dtype, shape) { y throws(GraphError) in
      if function == .maximum { y.update(repeating: -.infinity) }
      for tap in IndexSequence(window.kernel) {
        let source = try window.taps(tap, positions: positions, sizes: sizes)
        let counts = countsPadding ? countedPadding(tap, window, sizes: sizes, positions: positions) : source.map { $0 >= 0 }
        for p in 0..<resultArea where counts[p] { divisors[p] += 1 }
        for plane in 0..<planes {
          for p in 0..<resultArea where source[p] >= 0 {
            let value = x[plane * area + source[p]]
            let i = plane * resultArea + p
            switch function {
            case .average: y[i] += value
            case .norm(let power): y[i] += pow(abs(value), Double(power))
            case .maximum:
              if value > y[i] || value.isNaN || (!best.isEmpty && best[i] < 0) {
                y[i] = value
                if !best.isEmpty { best[i] = plane * area + index(source[p], in: sizes) }
              }
            }
          }
        }
      }
      for i in y.indices {
        switch function {
        case .average: y[i] /= divisors[i % resultArea]
        case .norm(let power): y[i] = pow(y[i], 1 / Double(power))
        case .maximum: break
        }
      }
    }
    guard let indices else { return [y] }
    return [y, try Tensor(shape: shape, scalars: best.map { Int64($0) }).converted(to: indices)]
  }

  /// Whether one element of the kernel counts at each position: in the image or in its declared padding, but not beyond,
  /// where rounding up may reach.
  private func countedPadding(
    _ tap: [Int], _ window: SlidingWindow, sizes: [Int], positions: [Int]
  ) -> [Bool] {
    let pads = window.pads(for: sizes)
    var result: [Bool] = []
    for index in IndexSequence(positions) {
      result.append(
        index.indices.allSatisfy { i in
          let at = index[i] * window.strides[i] + tap[i] * window.dilations[i]
          return at < sizes[i] + pads.before[i] + pads.after[i]
        })
    }
    return result
  }

  private func index(_ position: Int, in sizes: [Int]) -> Int {
    guard columnMajorIndices else { return position }
    var result = 0
    var step = 1
    for (size, stride) in zip(sizes, rowMajorStrides(sizes)) {
      result += position / stride % size * step
      step *= size
    }
    return result
  }
}
