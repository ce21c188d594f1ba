import MNNGraph

/// What all graphs of a model share while it is written: how weights are kept, the external file, the subgraphs.
final class WritingModel {
  let options: MNNWritingOptions
  /// Pieces of the external file, in order.
  private(set) var external: [WireBlock] = []
  private var externalByteCount: Int64 = 0
  private(set) var subgraphs: [Wire.SubGraphProto] = []
  private var subgraphNames: Set<String> = []
  private let savesExternally: Bool
  /// Where blocks lie in the external file, and tensors that were narrowed: what is shared is written once.
  private var places: [ByteRange: (offset: Int64, count: Int64)] = [:]
  private var narrowed: [ByteRange: Tensor] = [:]

  /// Bytes in memory, which stay there while the model is written.
  private struct ByteRange: Hashable {
    let start: UnsafeRawPointer?
    let count: Int

    init(_ block: WireBlock) { (start, count) = block.withUnsafeBytes { ($0.baseAddress, $0.count) } }
    init(_ tensor: Tensor) { (start, count) = tensor.withUnsafeBytes { ($0.baseAddress, $0.count) } }
  }

  /// Takes bytes that the model will have from the budget.
  private func spend(bytes: Int) throws(FormatError) {
    try asFormatError { () throws(GraphError) in try WorkBudget.current?.spend(Work(bytes: bytes), on: .writing) }
  }
  private(set) var report = MNNWritingReport()

  /// Constants of fewer elements stay in the model.
  static let smallestExternalConstant = 1025

  init(_ options: MNNWritingOptions, savesExternally: Bool) {
    self.options = options
    self.savesExternally = savesExternally
  }

  /// A tensor's elements as float32, not copied if they are.
  func floats(_ tensor: Tensor) throws(FormatError) -> WireVector<Float> {
    let wide = try converted(tensor, to: .float32)
    return wide.withUnsafeBytes { WireVector(borrowing: $0, from: wide.storage) }
  }

  private func converted(_ tensor: Tensor, to dtype: DType) throws(FormatError) -> Tensor {
    do throws(GraphError) { return try tensor.converted(to: dtype) } catch { throw FormatError(error) }
  }

  private func halves(_ tensor: Tensor) throws(FormatError) -> Tensor {
    if tensor.dtype == .float32, let known = narrowed[ByteRange(tensor)], known.shape == tensor.shape { return known }
    let result = try half(tensor)
    if tensor.dtype == .float32 { narrowed[ByteRange(tensor)] = result }
    return result
  }

  private func half(_ tensor: Tensor) throws(FormatError) -> Tensor {
    do throws(GraphError) { return try report.halves(tensor, tolerance: options.halfTolerance) } catch {
      throw FormatError(error)
    }
  }

  /// Appends to the external file; returns where, and how many bytes.
  private func append(_ block: WireBlock) -> (offset: Int64, count: Int64) {
    if let known = places[ByteRange(block)] { return known }
    let place = (offset: externalByteCount, count: Int64(block.byteCount))
    external.append(block)
    places[ByteRange(block)] = place
    externalByteCount += place.1
    return place
  }

  func store(_ stored: StoredWeights, _ bias: Tensor, in parameters: inout Wire.Convolution2D) throws(FormatError) {
    try spend(bytes: stored.count.saturatingAdd(bias.count).saturatingMultiply(4))
    let biasVector = try floats(bias)
    let weight: Tensor
    switch stored {
    case .codes(let codes): return try store(codes.encoded(), biasVector, in: &parameters)
    case .floats(let tensor), .halves(let tensor): weight = tensor
    }
    if options.usesHalfWeights || (weight.dtype == .float16 && stored.areHalves) {
      let narrow = weight.dtype == .float16 ? weight : try halves(weight)
      let vector: WireVector<Int8> = narrow.withUnsafeBytes { WireVector(borrowing: $0, from: narrow.storage) }
      var packed = Wire.IDSTQuan()
      packed.type = 3
      if savesExternally {
        let place = append(vector.block)
        let tail = append(biasVector.block)
        parameters.external = [place.offset, place.count, 0, tail.count, 0]
      } else {
        packed.buffer = vector
        parameters.bias = biasVector
      }
      parameters.quanParameter = packed
      return
    }
    let vector = try floats(weight)
    if savesExternally {
      let place = append(vector.block)
      let tail = append(biasVector.block)
      parameters.external = [place.offset, place.count, tail.count]
    } else {
      parameters.weight = vector
      parameters.bias = biasVector
    }
  }

  private func store(
    _ packed: Wire.IDSTQuan, _ bias: WireVector<Float>, in parameters: inout Wire.Convolution2D
  ) throws(FormatError) {
    var packed = packed
    if savesExternally, let buffer = packed.buffer, let alpha = packed.alpha?.block ?? packed.alphaFp16?.block {
      let places = [append(buffer.block), append(alpha), append(bias.block)]
      parameters.external = [places[0].offset, places[0].count, places[1].count, places[2].count, 0]
      packed.buffer = nil
      packed.alpha = nil
      packed.alphaFp16 = nil
    } else {
      parameters.bias = bias
    }
    parameters.quanParameter = packed
  }

  /// Whether a large constant loses nothing in half precision, as what was read in it.
  private func isHalfAnyway(_ tensor: Tensor) throws(FormatError) -> Bool {
    guard tensor.dtype == .float32, tensor.count >= Self.smallestExternalConstant, !savesExternally else { return false }
    return try asFormatError { () throws(GraphError) in try tensor.areHalves() }
  }

  /// A constant. See `Docs/format.md`, 14.
  func blob(_ tensor: Tensor) throws(FormatError) -> Wire.Blob {
    let tensor = try asFormatError { () throws(GraphError) in try tensor.unpacked() }
    var blob = Wire.Blob()
    blob.dims = tensor.rank == 0 ? nil : WireVector(tensor.shape.map { Int32(clamping: $0) })
    blob.dataFormat = .NCHW
    blob.dataType = Wire.DataType(storing: tensor.dtype)
    guard tensor.count > 0 else { return blob }
    try spend(bytes: tensor.count.saturatingMultiply(4))
    let isExternal = savesExternally && tensor.count >= Self.smallestExternalConstant
    func put(_ block: WireBlock) -> Bool {
      guard isExternal else { return false }
      let place = append(block)
      blob.external = [place.offset, place.count]
      return true
    }
    switch blob.dataType {
    case .DT_FLOAT:
      // Small constants (epsilons, scales) lose more than they save.
      if options.usesHalfWeights ? tensor.count > 64 : try isHalfAnyway(tensor) {
        let narrow = try halves(tensor)
        blob.dataType = .DT_HALF
        blob.uint8s = narrow.withUnsafeBytes { WireVector(borrowing: $0, from: narrow.storage) }
        return blob
      }
      let vector = try floats(tensor)
      if !put(vector.block) { blob.float32s = vector }
      blob.int64s = try exactElements(tensor)
    case .DT_INT8:
      let vector: WireVector<Int8> = tensor.withUnsafeBytes { WireVector(borrowing: $0, from: tensor.storage) }
      if !put(vector.block) { blob.int8s = vector }
    case .DT_UINT8:
      let vector: WireVector<UInt8> = tensor.withUnsafeBytes { WireVector(borrowing: $0, from: tensor.storage) }
      if !put(vector.block) { blob.uint8s = vector }
    default:
      let wide: [Int64]
      do throws(GraphError) { wide = try tensor.scalars(as: Int64.self) } catch { throw FormatError(error) }
      // Beyond 32 bits MNN puts ±2³⁰, so that positions counted from an end do not overflow.
      let vector = WireVector(wide.map { Int32(exactly: $0) ?? ($0 < 0 ? -(1 << 30) : 1 << 30) })
      if !put(vector.block) { blob.int32s = vector }
      blob.int64s = try exactElements(tensor)
    }
    return blob
  }

  /// Writes a subgraph; returns its name and those of its inputs and outputs.
  func subgraph(
    _ graph: Graph, suggestedName: String
  ) throws(FormatError) -> (name: String, inputs: [String], outputs: [String]) {
    var name = suggestedName.isEmpty ? "subgraph" : suggestedName
    while !subgraphNames.insert(name).inserted { name += "_" }
    let graph = try Legalization.writable(graph, isSubgraph: true)
    let scope = WritingScope(graph, model: self)
    do throws(FormatError) { try scope.writeAll() } catch { throw error.inSubgraph(name) }
    var proto = Wire.SubGraphProto()
    proto.name = name
    proto.tensors = scope.tensorNames
    proto.nodes = scope.operators
    if !scope.describes.isEmpty { proto.extraTensorDescribe = scope.describes }
    var inputs: [Int32] = []
    for id in graph.inputs { inputs.append(try scope.tensor(id)) }
    var outputs: [Int32] = []
    for id in graph.outputs { outputs.append(try scope.tensor(id)) }
    proto.inputs = WireVector(inputs)
    proto.outputs = WireVector(outputs)
    subgraphs.append(proto)
    return (
      name, inputs.map { scope.tensorNames[Int($0)] }, outputs.map { scope.tensorNames[Int($0)] }
    )
  }
}
