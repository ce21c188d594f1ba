import MNNGraph

/// Element types that MNN's engine narrows: to it int64 is int32 and double is float32, and so a file says.
///
/// Beside that stands what the model says, in fields that MNN does not read: `blob.strings` of a tensor's entry in
/// `extraTensorDescribe` names the type, and `int64s` of a constant holds the elements (of doubles, the bits) that the
/// narrow type cannot.
extension DType {
  /// True where values are lost, or overflow otherwise, in the type that a file says.
  var isNarrowed: Bool {
    switch self {
    case .int16, .uint16, .uint32, .int64, .uint64, .float64: true
    default: false
    }
  }
}

extension Graph {
  /// The element type of a value, also where its shape is not known but its operator decides the type; else nil.
  func elementType(of id: Value.ID) -> DType? {
    if let type = self[id].type { return type.dtype }
    guard let node = producer(of: id) else { return nil }
    switch node.op {
    case let op as ArgReduce: return op.dtype
    case let op as Cast: return op.dtype
    case let op as NonZero: return op.dtype
    case let op as RankOf: return op.dtype
    case let op as ShapeOf: return op.dtype
    case let op as SizeOf: return op.dtype
    case let op as TopK: return node.results.last == id ? op.indexDType : nil
    default: return nil
    }
  }
}

extension WritingScope {
  /// Notes the types of all tensors that the format narrows.
  func describeExactTypes() {
    let places = Dictionary(describes.enumerated().map { ($1.index, $0) }, uniquingKeysWith: { first, _ in first })
    for (id, index) in indices.sorted(by: { $0.value < $1.value }) {
      guard let dtype = graph.elementType(of: id), dtype.isNarrowed else { continue }
      var blob = Wire.Blob()
      blob.dataType = Wire.DataType(storing: dtype)
      blob.strings = [dtype.rawValue]
      var describe = Wire.TensorDescribe()
      describe.index = index
      if let i = places[index] {
        describe = describes[i]
        blob.dims = describe.blob?.dims
        describe.blob = blob
        describes[i] = describe
      } else {
        describe.blob = blob
        describes.append(describe)
      }
    }
  }
}

extension ReadingScope {
  /// The types that the file notes for tensors, by their indices.
  static func exactTypes(_ describes: [Wire.TensorDescribe]) throws(FormatError) -> [Int32: DType] {
    var types: [Int32: DType] = [:]
    for describe in describes {
      guard let word = describe.blob?.strings?.first else { continue }
      guard let dtype = DType(rawValue: word), dtype.isNarrowed else {
        throw FormatError(
          .attributeInvalid, "the element type of tensor \(describe.index) is not known",
          expected: DType.allCases.filter(\.isNarrowed).map(\.rawValue).joined(separator: ", "), found: "\"\(word)\"")
      }
      types[describe.index] = dtype
    }
    return types
  }

  /// The type that the file notes for a result of the operator.
  func exactType(_ result: Int = 0) -> DType? {
    guard result < resultCount, let index = op.outputIndexes?[result] else { return nil }
    return exactTypes[index]
  }

  /// The type of a result that counts: sizes, positions.
  func indexType(_ result: Int = 0) -> DType {
    exactType(result).flatMap { $0 == .int64 || $0 == .int32 ? $0 : nil } ?? .int32
  }

  /// The value in the type that the file notes for the tensor.
  func exact(_ id: Value.ID, tensor index: Int32) throws(FormatError) -> Value.ID {
    guard let dtype = exactTypes[index], type(of: id)?.dtype != dtype else { return id }
    return try append(Cast(to: dtype), id)
  }
}

extension WritingModel {
  /// The elements in 64 bits, if the type that the file says does not hold them all.
  func exactElements(_ tensor: Tensor) throws(FormatError) -> WireVector<Int64>? {
    guard tensor.dtype.isNarrowed else { return nil }
    return try asFormatError { () throws(GraphError) -> WireVector<Int64>? in
      if tensor.dtype == .float64 {
        let values = try tensor.scalars(as: Double.self)
        // NaN is one value here.
        guard values.contains(where: { !$0.isNaN && Double(Float($0)) != $0 }) else { return nil }
        return WireVector(values.map { Int64(bitPattern: $0.bitPattern) })
      }
      if tensor.dtype == .uint64 {
        let values = try tensor.scalars(as: UInt64.self)
        return values.contains { $0 >> 31 != 0 } ? WireVector(values.map { Int64(bitPattern: $0) }) : nil
      }
      let values = try tensor.scalars(as: Int64.self)
      return values.contains { Int32(exactly: $0) == nil } ? WireVector(values) : nil
    }
  }
}

extension WeightSource {
  /// A constant in the type that the file notes for it.
  func tensor(_ blob: Wire.Blob, exactly dtype: DType) throws(FormatError) -> Tensor {
    guard let wide = blob.int64s, !wide.isEmpty, blob.dataType != .DT_INT64 else {
      let narrow = try tensor(blob)
      return try asFormatError { () throws(GraphError) in try narrow.converted(to: dtype) }
    }
    let bits = try tensor(wide.block, .int64, (blob.dims ?? []).map { Int($0) })
    return try asFormatError { () throws(GraphError) in
      guard dtype == .float64 else { return try bits.wrapped(to: dtype) }
      return try Tensor(
        shape: bits.shape, scalars: bits.scalars(as: Int64.self).map { Double(bitPattern: UInt64(bitPattern: $0)) })
    }
  }
}
