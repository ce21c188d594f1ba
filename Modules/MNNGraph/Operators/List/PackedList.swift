/// Lists of tensors whose number is known only while running, as two tensors: `elements`, all elements of all tensors one after
/// the other, and `layout` (int64), the number of tensors, then the rank and the sizes of each.
///
/// So a list needs no type of its own: it is carried by loops, given out by branches and written to files as any other value.
///
/// - Inputs and results: as ``Function`` says; `position` is one integer, negative from the end.
/// - SeeAlso: ONNX SequenceConstruct, SequenceInsert, SequenceErase, SequenceAt, ConcatFromSequence, SplitToSequence.
public struct PackedList: PrimitiveOperator, Codable {
  public enum Function: Hashable, Sendable, Codable {
    /// Tensors, any number -> elements, layout. Of none, the elements have the type `dtype`.
    case pack(dtype: DType)
    /// Elements, layout, a tensor, position (optional: at the end) -> elements, layout.
    case insert
    /// Elements, layout, position (optional: the last) -> elements, layout.
    case erase
    /// Elements, layout, position -> the tensor.
    case at
    /// Elements, layout -> the tensors joined along an axis, a new one if it stacks them.
    case join(axis: Int, stacks: Bool)
    /// A tensor, sizes (optional: all 1; one number: all but the last are so long) -> elements, layout. Without sizes the axis
    /// goes if it is not kept.
    case split(axis: Int, keepsAxis: Bool)
  }

  public var function: Function

  public init(_ function: Function) { self.function = function }

  public var resultCount: Int {
    switch function {
    case .at, .join: 1
    case .pack, .insert, .erase, .split: 2
    }
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    guard case .pack(let dtype) = function else {
      throw GraphError(.dependsOnData, "the sizes of what is in a list depend on data")
    }
    let types = try operands.all().map(\.type)
    for type in types { try requireSame(types[0].dtype, type.dtype, "the type of a tensor of the list") }
    let count = types.reduce(Dimension(0)) { $0 + $1.shape.dimensions.reduce(Dimension(1)) { $0 * $1 } }
    return [
      TensorType(types.first?.dtype ?? dtype, Shape([count])),
      TensorType(.int64, Shape([Dimension(1 + types.reduce(0) { $0 + 1 + $1.shape.rank })])),
    ]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    switch function {
    case .pack(let dtype): return try packed(arguments.all(), dtype)
    case .split(let axis, let keepsAxis):
      let x = try arguments.tensor(0)
      return try packed(pieces(of: x, axis: axis, keepsAxis: keepsAxis, sizes: arguments[optional: 1]), x.dtype)
    case .insert:
      var list = try unpacked(arguments)
      let tensor = try arguments.tensor(2)
      try requireSame(list.first?.dtype ?? tensor.dtype, tensor.dtype, "the type of what is inserted")
      list.insert(tensor, at: try position(arguments[optional: 3], in: list.count, isEndAllowed: true) ?? list.count)
      return try packed(list, tensor.dtype)
    case .erase:
      var list = try unpacked(arguments)
      let last = try nonEmpty(list).count - 1
      list.remove(at: try position(arguments[optional: 2], in: list.count) ?? last)
      return try packed(list, arguments.tensor(0).dtype)
    case .at:
      let list = try unpacked(arguments)
      guard let place = try position(arguments.tensor(2), in: list.count) else {
        throw GraphError(.inputMissing, "the position is missing")
      }
      return [list[place]]
    case .join(let axis, let stacks):
      let list = try nonEmpty(unpacked(arguments))
      if stacks { return [try Tensor.stacked(list, axis: axis, emptyLike: nil)] }
      return try Interpreter().evaluate(Concat(axis: axis), Arguments(list))
    }
  }

  private func nonEmpty(_ list: [Tensor]) throws(GraphError) -> [Tensor] {
    guard !list.isEmpty else {
      throw GraphError(.shapeMismatch, "the list is empty", expected: "at least one tensor", found: "0")
    }
    return list
  }

  /// The place that an input names among `count`, or nil if it is absent.
  private func position(_ tensor: Tensor?, in count: Int, isEndAllowed: Bool = false) throws(GraphError) -> Int? {
    guard let tensor else { return nil }
    let value = try tensor.scalars(as: Int64.self).first.map { Int($0) } ?? 0
    let place = value < 0 ? value + count : value
    guard tensor.count == 1, place >= 0, place < count || isEndAllowed && place == count else {
      throw GraphError(
        .indexOutOfRange, "the position is not in the list", expected: "\(-count) to \(count - 1)", found: "\(value)")
    }
    return place
  }

  // MARK: Packing

  private func packed(_ list: [Tensor], _ dtype: DType) throws(GraphError) -> [Tensor] {
    var layout = [Int64(list.count)]
    var byteCount = 0
    for tensor in list {
      layout.append(Int64(tensor.rank))
      layout += tensor.shape.map { Int64($0) }
      byteCount = try [byteCount, tensor.byteCount].checkedSum()
    }
    let type = list.first?.dtype ?? dtype
    let elements = try Tensor(uninitialized: type, shape: [byteCount / type.byteCount])
    var offset = 0
    for tensor in list {
      tensor.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(rebasing: elements.mutableBytes[offset..<offset + source.count]).copyMemory(from: source)
      }
      offset += tensor.byteCount
    }
    return [elements, try Tensor(layout)]
  }

  /// The tensors of a list whose elements and layout are the first two inputs.
  private func unpacked(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let elements = try arguments.tensor(0)
    let numbers = try arguments.scalars(1, as: Int64.self).map { Int($0) }
    func malformed(_ found: String) -> GraphError {
      GraphError(
        .shapeMismatch, "the list's layout does not fit its elements", expected: "\(elements.count) elements", found: found)
    }
    guard let count = numbers.first, count >= 0, count < numbers.count else { throw malformed("\(numbers.count) numbers") }
    var list: [Tensor] = []
    var (next, offset) = (1, 0)
    for _ in 0..<count {
      guard next < numbers.count, numbers[next] >= 0, numbers[next] < numbers.count - next else {
        throw malformed("\(numbers.count) numbers")
      }
      let shape = Array(numbers[next + 1..<next + 1 + numbers[next]])
      next += 1 + shape.count
      let size = try checkedElementCount(shape)
      guard size <= elements.count - offset else { throw malformed("at least \(offset) + \(size)") }
      let tensor = try Tensor(uninitialized: elements.dtype, shape: shape)
      let width = elements.dtype.byteCount
      elements.withUnsafeBytes { bytes in
        tensor.mutableBytes.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: bytes[offset * width..<(offset + size) * width]))
      }
      list.append(tensor)
      offset += size
    }
    return list
  }

  // MARK: Cutting

  private func pieces(of x: Tensor, axis: Int, keepsAxis: Bool, sizes: Tensor?) throws(GraphError) -> [Tensor] {
    let axis = try normalizedAxis(axis, rank: x.rank)
    let length = x.shape[axis]
    guard let sizes else {
      var list: [Tensor] = []
      for i in 0..<length {
        let part = try x.part(at: i, axis: axis)
        list.append(keepsAxis ? try part.reshaped(Array(x.shape[..<axis]) + [1] + x.shape[(axis + 1)...]) : part)
      }
      return list
    }
    let lengths = try PackedList.lengths(sizes, of: length)
    guard !lengths.isEmpty else { return [] }
    return try Interpreter().evaluate(
      Split(axis: axis, count: lengths.count), Arguments([x, try Tensor(lengths.map { Int64($0) })]))
  }

  /// The lengths of the pieces that `sizes` names: all of them, or one for all but the last.
  package static func lengths(_ sizes: Tensor, of length: Int) throws(GraphError) -> [Int] {
    let values = try sizes.scalars(as: Int64.self).map { Int($0) }
    guard sizes.rank == 0 else { return values }
    guard let piece = values.first, piece > 0 else {
      throw GraphError(.attributeInvalid, "the length of the pieces is not valid", expected: "above 0", found: "\(values)")
    }
    return stride(from: 0, to: length, by: piece).map { min(piece, length - $0) }
  }
}
