import CONNX

/// The only file that touches protobuf-c's structures: it copies them into values and frees them.
extension ONNXModel {
  /// Unpacks an outline (see ``ONNXOutline``).
  init(outline: [UInt8]) throws(ImportError) {
    guard let message = onnx__model__unpack(nil, outline.count, outline) else {
      throw ImportError(
        .malformedFile, "protobuf-c cannot unpack the model",
        advice: "the file is damaged or not an ONNX model; fetch or export it again")
    }
    defer { onnx__model__free_unpacked(message, nil) }
    let model = message.pointee
    guard let graph = model.graph else {
      throw ImportError(
        .malformedFile, "not an ONNX model", expected: "a graph", found: "none",
        advice: "check the file and the framework given with -f")
    }
    irVersion = model.ir_version
    producer = text(model.producer_name)
    producerVersion = text(model.producer_version)
    opsets = versions(model.opset_import, model.n_opset_import)
    self.graph = ONNXGraph(graph.pointee)
    functions = list(model.functions, model.n_functions).map { ONNXFunction($0) }
    metadata = entries(model.metadata_props, model.n_metadata_props)
  }
}

extension ONNXGraph {
  init(_ graph: Onnx__Graph) {
    name = text(graph.name)
    nodes = list(graph.node, graph.n_node).map { ONNXNode($0) }
    inputs = list(graph.input, graph.n_input).map { ONNXValueInfo($0) }
    outputs = list(graph.output, graph.n_output).map { ONNXValueInfo($0) }
    values = list(graph.value_info, graph.n_value_info).map { ONNXValueInfo($0) }
    initializers = list(graph.initializer, graph.n_initializer).map { ONNXTensor($0) }
    sparseInitializers = list(graph.sparse_initializer, graph.n_sparse_initializer).map { ONNXSparseTensor($0) }
  }
}

extension ONNXNode {
  init(_ node: Onnx__Node) {
    name = text(node.name)
    operatorType = text(node.op_type)
    domain = standardized(text(node.domain))
    overload = text(node.overload)
    inputs = texts(node.input, node.n_input)
    outputs = texts(node.output, node.n_output)
    attributes = list(node.attribute, node.n_attribute).map { ONNXAttribute($0) }
  }
}

extension ONNXFunction {
  init(_ function: Onnx__Function) {
    name = text(function.name)
    domain = standardized(text(function.domain))
    overload = text(function.overload)
    inputs = texts(function.input, function.n_input)
    outputs = texts(function.output, function.n_output)
    attributes = texts(function.attribute, function.n_attribute)
    defaults = list(function.attribute_proto, function.n_attribute_proto).map { ONNXAttribute($0) }
    nodes = list(function.node, function.n_node).map { ONNXNode($0) }
    opsets = versions(function.opset_import, function.n_opset_import)
  }
}

extension ONNXAttribute {
  init(_ attribute: Onnx__Attribute) {
    name = text(attribute.name)
    let reference = text(attribute.ref_attr_name)
    if !reference.isEmpty {
      value = .reference(reference)
      return
    }
    let empty = ONNXTensor(name: "", dimensions: [], elementType: 0, sources: [])
    let emptySparse = ONNXSparseTensor(values: empty, indices: empty, dimensions: [])
    switch attribute.type == 0 ? Self.typeWithoutTag(attribute) : attribute.type {
    case 1: value = .float(attribute.f)
    case 3: value = .string(octets(attribute.s))
    case 4: value = .tensor(attribute.t.map { ONNXTensor($0.pointee) } ?? empty)
    case 5:
      value = .graph(
        attribute.g.map { ONNXGraph($0.pointee) }
          ?? ONNXGraph(
            name: "", nodes: [], inputs: [], outputs: [], values: [], initializers: [], sparseInitializers: []))
    case 6: value = .floats(Array(UnsafeBufferPointer(start: attribute.floats, count: attribute.n_floats)))
    case 7: value = .ints(Array(UnsafeBufferPointer(start: attribute.ints, count: attribute.n_ints)))
    case 8: value = .strings(octets(attribute.strings, attribute.n_strings))
    case 9: value = .tensors(list(attribute.tensors, attribute.n_tensors).map { ONNXTensor($0) })
    case 10: value = .graphs(list(attribute.graphs, attribute.n_graphs).map { ONNXGraph($0) })
    case 11: value = .sparseTensor(attribute.sparse_tensor.map { ONNXSparseTensor($0.pointee) } ?? emptySparse)
    case 12:
      value = .sparseTensors(list(attribute.sparse_tensors, attribute.n_sparse_tensors).map { ONNXSparseTensor($0) })
    case 13: value = .type(ONNXType(attribute.tp))
    case 14: value = .types(list(attribute.type_protos, attribute.n_type_protos).map { ONNXType($0) })
    default: value = .int(attribute.i)
    }
  }

  /// Files older than IR version 2 do not say which field is meant: it is the one that is set.
  private static func typeWithoutTag(_ attribute: Onnx__Attribute) -> Int32 {
    if attribute.t != nil { return 4 }
    if attribute.g != nil { return 5 }
    if attribute.n_floats > 0 { return 6 }
    if attribute.n_ints > 0 { return 7 }
    if attribute.n_strings > 0 { return 8 }
    if attribute.n_tensors > 0 { return 9 }
    if attribute.n_graphs > 0 { return 10 }
    if attribute.s.len > 0 { return 3 }
    return attribute.f != 0 ? 1 : 2
  }
}

extension ONNXTensor {
  init(_ tensor: Onnx__Tensor) {
    name = text(tensor.name)
    dimensions = Array(UnsafeBufferPointer(start: tensor.dims, count: tensor.n_dims))
    elementType = tensor.data_type
    sources = []
    if tensor.data_location == 1 {
      sources.append(.external(entries(tensor.external_data, tensor.n_external_data)))
    }
    for payload in list(tensor.payload, tensor.n_payload) {
      guard let start = Int(exactly: payload.offset), let count = Int(exactly: payload.length) else { continue }
      sources.append(.file(field: payload.field, start..<start + count))
    }
    appendUnpacked(4, tensor.float_data, tensor.n_float_data)
    appendUnpacked(5, tensor.int32_data, tensor.n_int32_data)
    appendUnpacked(7, tensor.int64_data, tensor.n_int64_data)
    appendUnpacked(10, tensor.double_data, tensor.n_double_data)
    appendUnpacked(11, tensor.uint64_data, tensor.n_uint64_data)
    if tensor.n_string_data > 0 {
      sources.append(.strings(octets(tensor.string_data, tensor.n_string_data)))
    }
  }

  private mutating func appendUnpacked<Scalar>(_ field: Int32, _ start: UnsafeMutablePointer<Scalar>?, _ count: Int) {
    guard count > 0, let start else { return }
    sources.append(.unpacked(field: field, Array(UnsafeRawBufferPointer(UnsafeBufferPointer(start: start, count: count)))))
  }
}

extension ONNXSparseTensor {
  init(_ tensor: Onnx__SparseTensor) {
    let empty = ONNXTensor(name: "", dimensions: [], elementType: 0, sources: [])
    values = tensor.values.map { ONNXTensor($0.pointee) } ?? empty
    indices = tensor.indices.map { ONNXTensor($0.pointee) } ?? empty
    dimensions = Array(UnsafeBufferPointer(start: tensor.dims, count: tensor.n_dims))
  }
}

extension ONNXValueInfo {
  init(_ info: Onnx__ValueInfo) {
    name = text(info.name)
    type = ONNXType(info.type)
  }
}

extension ONNXType {
  init(_ pointer: UnsafeMutablePointer<Onnx__Type>?) {
    self = pointer.map { ONNXType($0.pointee) } ?? .unstated
  }

  /// As deep as the outline allows, no deeper.
  init(_ type: Onnx__Type) {
    switch type.value_case {
    case ONNX__TYPE__VALUE_TENSOR_TYPE:
      self = .tensor(
        elementType: type.tensor_type?.pointee.elem_type ?? 0, shape: dimensions(type.tensor_type?.pointee.shape))
    case ONNX__TYPE__VALUE_SPARSE_TENSOR_TYPE:
      self = .sparseTensor(
        elementType: type.sparse_tensor_type?.pointee.elem_type ?? 0,
        shape: dimensions(type.sparse_tensor_type?.pointee.shape))
    case ONNX__TYPE__VALUE_SEQUENCE_TYPE: self = .sequence(ONNXType(type.sequence_type?.pointee.elem_type))
    case ONNX__TYPE__VALUE_OPTIONAL_TYPE: self = .optional(ONNXType(type.optional_type?.pointee.elem_type))
    case ONNX__TYPE__VALUE_MAP_TYPE: self = .map
    default: self = .unstated
    }
  }
}

private func dimensions(_ shape: UnsafeMutablePointer<Onnx__TensorShape>?) -> [ONNXDimension]? {
  guard let shape = shape?.pointee else { return nil }
  return list(shape.dim, shape.n_dim).map { dimension in
    switch dimension.value_case {
    case ONNX__DIMENSION__VALUE_DIM_VALUE: return .fixed(dimension.dim_value)
    case ONNX__DIMENSION__VALUE_DIM_PARAM:
      let name = text(dimension.dim_param)
      return name.isEmpty ? .unknown : .named(name)
    default: return .unknown
    }
  }
}

/// The two spellings of the standard domain as one.
private func standardized(_ domain: String) -> String { domain == "ai.onnx" ? "" : domain }

private func text(_ string: UnsafePointer<CChar>?) -> String {
  string.map { String(cString: $0) } ?? ""
}

private func texts(_ start: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int) -> [String] {
  UnsafeBufferPointer(start: start, count: start == nil ? 0 : count).map { text($0) }
}

private func list<Message>(
  _ start: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int
) -> [Message] {
  UnsafeBufferPointer(start: start, count: start == nil ? 0 : count).compactMap { $0?.pointee }
}

private func octets(_ data: ProtobufCBinaryData) -> [UInt8] {
  Array(UnsafeBufferPointer(start: data.data, count: data.data == nil ? 0 : data.len))
}

private func octets(_ start: UnsafeMutablePointer<ProtobufCBinaryData>?, _ count: Int) -> [[UInt8]] {
  UnsafeBufferPointer(start: start, count: start == nil ? 0 : count).map { octets($0) }
}

private func entries(
  _ start: UnsafeMutablePointer<UnsafeMutablePointer<Onnx__Entry>?>?, _ count: Int
) -> [(key: String, value: String)] {
  list(start, count).map { (key: text($0.key), value: text($0.value)) }
}

private func versions(
  _ start: UnsafeMutablePointer<UnsafeMutablePointer<Onnx__Opset>?>?, _ count: Int
) -> [String: Int64] {
  var result: [String: Int64] = [:]
  for opset in list(start, count) { result[standardized(text(opset.domain))] = opset.version }
  return result
}
