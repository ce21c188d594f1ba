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

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    // A window meets no more elements than there are.
    var taps = 1
    for (i, size) in kernel.enumerated() { taps = taps.saturatingMultiply(min(size, operands.size(0, axis: i + 2))) }
    return .sums(operands, results, each: taps)
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
    let memory = rowMajorStrides(sizes)
    let pads = window.pads(for: sizes)
    let x = try arguments.scalars(0, as: Double.self)
    let best = try Tensor.generated(indices == nil ? [0] : shape) { _ in Int64(-1) }
    let givesIndices = indices != nil
    let maxima = best.unsafeMutable(as: Int64.self)
    let y = try Tensor.computed(types[0].dtype, shape) { y throws(GraphError) in
      if function == .maximum { y.update(repeating: -.infinity) }
      for (p, position) in IndexSequence(positions).enumerated() {
        // Only what meets the image is gone over, however large the kernel is.
        let spans = position.indices.map { window.span(at: position[$0], axis: $0, size: sizes[$0], before: pads.before[$0]) }
        var divisor = 1.0
        for (i, span) in spans.enumerated() {
          // Declared padding counts, but not what lies beyond, where rounding up may reach.
          divisor *= Double(
            countsPadding
              ? window.span(at: position[i], axis: i, size: sizes[i] + pads.before[i] + pads.after[i], before: 0).count
              : span.count)
        }
        var sources: [Int] = []
        for tap in IndexSequence(spans.map(\.count)) {
          var source = 0
          for i in tap.indices {
            let at = position[i] * window.strides[i] - pads.before[i] + (spans[i].lowerBound + tap[i]) * window.dilations[i]
            source += at * memory[i]
          }
          sources.append(source)
        }
        for plane in 0..<planes {
          let i = plane * resultArea + p
          for source in sources {
            let value = x[plane * area + source]
            switch function {
            case .average: y[i] += value
            case .norm(let power): y[i] += pow(abs(value), Double(power))
            case .maximum:
              if value > y[i] || value.isNaN || (givesIndices && maxima[i] < 0) {
                y[i] = value
                if givesIndices { maxima[i] = Int64(plane * area + index(source, in: sizes)) }
              }
            }
          }
          switch function {
          case .average: y[i] /= max(divisor, 1)
          case .norm(let power): y[i] = pow(y[i], 1 / Double(power))
          case .maximum: break
          }
        }
      }
    }
    guard let indices else { return [y] }
    return [y, try best.converted(to: indices)]
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
