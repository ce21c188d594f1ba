/// A strided view of a tensor's elements: where it starts and how far each step of each loop goes, in elements.
public struct View: Hashable, Sendable {
  public var offset: Int
  public var strides: [Int]

  public init(offset: Int = 0, strides: [Int]) {
    self.offset = offset
    self.strides = strides
  }
}

/// One rectangular copy of a raster: for every index of `size`, `target` gets the element of `source`.
public struct Region: Hashable, Sendable {
  /// Which input the elements come from.
  public var input: Int
  public var size: [Int]
  public var source: View
  public var target: View

  public init(input: Int = 0, size: [Int], source: View, target: View) {
    self.input = input
    self.size = size
    self.source = source
    self.target = target
  }

  /// The whole of an input of `count` elements, in order.
  public static func whole(input: Int = 0, count: Int, targetOffset: Int = 0) -> Region {
    Region(
      input: input, size: [count], source: View(strides: [1]), target: View(offset: targetOffset, strides: [1]))
  }

  /// The lowest and highest element a view touches, or nil if the size is empty.
  func bounds(of view: View) -> ClosedRange<Int>? {
    if size.contains(0) { return nil }
    var low = view.offset
    var high = view.offset
    for (n, stride) in zip(size, view.strides) {
      let reach = (n - 1) &* stride
      if reach < 0 { low &+= reach } else { high &+= reach }
    }
    return low...high
  }
}

/// Fills a result with strided copies of the inputs: what every ``LayoutOperator`` is lowered to (one node per result).
///
/// - Inputs: any number, of one dtype.
/// - Result: `shape`; elements that no region covers are zero.
/// - SeeAlso: `.mnn` operator Raster.
public struct Raster: PrimitiveOperator {
  public var shape: [Int]
  public var regions: [Region]

  public init(shape: [Int], regions: [Region]) {
    self.shape = shape
    self.regions = regions
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    [TensorType(try operands.dtype(0), Shape(shape))]
  }

  /// True if the regions write every element of the result once or more; only a sum, so overlapping regions may deceive it.
  package var coversResult: Bool {
    let total = shape.reduce(1, &*)
    return regions.reduce(0) { $0 &+ $1.size.reduce(1, &*) } >= total
  }

  /// Throws if a region reaches outside an input or the result.
  package func validate(inputCounts: [Int]) throws(GraphError) {
    let count = try checkedElementCount(shape)
    for region in regions {
      guard inputCounts.indices.contains(region.input), region.size.allSatisfy({ $0 >= 0 }),
        region.source.strides.count == region.size.count, region.target.strides.count == region.size.count
      else { throw GraphError(.graphInvalid, "a raster region is malformed", found: "\(region)") }
      guard let source = region.bounds(of: region.source), let target = region.bounds(of: region.target) else { continue }
      guard source.lowerBound >= 0, source.upperBound < inputCounts[region.input], target.lowerBound >= 0,
        target.upperBound < count
      else {
        throw GraphError(
          .indexOutOfRange, "a raster region reaches outside its tensors",
          expected: "source in 0..<\(inputCounts[region.input]), target in 0..<\(count)", found: "\(source), \(target)")
      }
    }
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let inputs = try arguments.all()
    try validate(inputCounts: inputs.map(\.count))
    let dtype = try arguments.tensor(0).dtype
    let result = try Tensor.zeros(dtype, shape)
    for region in regions {
      guard inputs[region.input].dtype == dtype else {
        throw GraphError(
          .dtypeUnsupported, "a raster mixes element types", expected: "\(dtype)", found: "\(inputs[region.input].dtype)")
      }
      inputs[region.input].withUnsafeBytes { region.copy(from: $0, to: result.mutableBytes, width: dtype.byteCount) }
    }
    return [result]
  }
}

extension Region {
  /// Copies elements of `width` bytes. Bounds are the caller's duty (``Raster/validate(inputCounts:)``).
  func copy(from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, width: Int) {
    guard !size.contains(0), let base = source.baseAddress, let target = target.baseAddress else { return }
    var index = [Int](repeating: 0, count: size.count)
    var from = self.source.offset
    var to = self.target.offset
    while true {
      target.advanced(by: to * width).copyMemory(from: base.advanced(by: from * width), byteCount: width)
      var axis = size.count - 1
      while axis >= 0 {
        index[axis] += 1
        from += self.source.strides[axis]
        to += self.target.strides[axis]
        if index[axis] < size[axis] { break }
        from -= self.source.strides[axis] * size[axis]
        to -= self.target.strides[axis] * size[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
