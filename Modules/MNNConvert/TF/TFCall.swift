import MNNGraph

/// What a name of a TensorFlow graph stands for.
enum TFValue {
  case tensor(Value.ID)
  /// A list of tensors of which only the number is known yet. Lists are tensors with one axis more; these become one as soon as
  /// something says what an element is.
  case reserved(count: Value.ID, dtype: DType)

  var tensor: Value.ID? { if case .tensor(let id) = self { id } else { nil } }
}

/// A node of a TensorFlow graph while it is translated.
final class TFCall: ImportCall {
  let node: TFNode
  let values: [TFValue]
  private let attributes: [String: TFAttribute]

  /// Attributes that say what the inputs say too, or how a node is to be run.
  private static let harmless: Set<String> = [
    "N", "use_cudnn_on_gpu", "validate_shape", "parallel_iterations", "output_shapes", "is_constant", "frame_name", "message",
    "container",
    "shared_name", "grad_a", "grad_b", "grad_x", "grad_y", "Tshape", "validate_indices", "bad_indices_policy", "config",
    "config_proto",
    "executor_type", "num_args", "element_shape", "clear_after_read", "identical_element_shapes", "dynamic_size",
    "tensor_array_name",
    "resize_if_index_out_of_bounds", "num_elements", "exponential_avg_factor", "TArgs", "shape_except0", "Truncate", "debug_name",
  ]

  init(_ node: TFNode, name: String, values: [TFValue], attributes: [String: TFAttribute]) {
    self.node = node
    self.values = values
    self.attributes = attributes
    super.init(name: name, inputs: values.map(\.tensor), outputNames: [name])
  }

  private func value(_ name: String) -> TFAttribute? {
    noteRead(name)
    return attributes[name]
  }

  func int(_ name: String) throws(ImportError) -> Int? {
    switch value(name) {
    case nil: nil
    case .int(let value): Int(value)
    case let other?: throw mistyped(name, "int", other.kind)
    }
  }

  func int(_ name: String, default value: Int) throws(ImportError) -> Int { try int(name) ?? value }

  func float(_ name: String, default value: Float) throws(ImportError) -> Float {
    switch self.value(name) {
    case nil: value
    case .float(let value): value
    case let other?: throw mistyped(name, "float", other.kind)
    }
  }

  func flag(_ name: String, default value: Bool = false) throws(ImportError) -> Bool {
    switch self.value(name) {
    case nil: value
    case .bool(let value): value
    case let other?: throw mistyped(name, "bool", other.kind)
    }
  }

  func string(_ name: String, default value: String) throws(ImportError) -> String {
    switch self.value(name) {
    case nil: value
    case .string(let bytes): String(decoding: bytes, as: UTF8.self)
    case let other?: throw mistyped(name, "string", other.kind)
    }
  }

  func list(_ name: String) throws(ImportError) -> TFList? {
    switch value(name) {
    case nil: nil
    case .list(let list): list
    case let other?: throw mistyped(name, "list", other.kind)
    }
  }

  func ints(_ name: String) throws(ImportError) -> [Int]? { try list(name)?.ints.map { Int($0) } }

  func tensor(_ name: String) throws(ImportError) -> TFTensor? {
    switch value(name) {
    case nil: nil
    case .tensor(let tensor): tensor
    case let other?: throw mistyped(name, "tensor", other.kind)
    }
  }

  /// nil where it is absent or says nothing.
  func shape(_ name: String) throws(ImportError) -> [Int]? {
    switch value(name) {
    case nil: nil
    case .shape(let shape): shape
    case let other?: throw mistyped(name, "shape", other.kind)
    }
  }

  func function(_ name: String) throws(ImportError) -> String {
    switch value(name) {
    case nil: throw missing(name)
    case .function(let function): function
    case let other?: throw mistyped(name, "func", other.kind)
    }
  }

  func dtype(_ name: String) throws(ImportError) -> DType? {
    switch value(name) {
    case nil: nil
    case .type(let number): try DType(tensorFlow: number, of: "attribute \"\(name)\"")
    case let other?: throw mistyped(name, "type", other.kind)
    }
  }

  /// Throws if an attribute was given that the translator never asked for. Types follow from the inputs.
  func requireAllRead() throws(ImportError) {
    let given = attributes.filter { name, value in
      if name.hasPrefix("_") || Self.harmless.contains(name) { return false }
      if case .type = value { return false }
      if case .list(let list) = value, !list.types.isEmpty || name.hasPrefix("T") { return false }
      return true
    }
    try requireAllRead(of: given.keys)
  }

  // MARK: Images

  /// Whether images have their channels last.
  func isChannelsLast() throws(ImportError) -> Bool {
    let format = try string("data_format", default: "NHWC")
    switch format {
    case "NHWC", "NDHWC": return true
    case "NCHW", "NCDHW": return false
    default: throw invalid("data_format", expected: "NHWC, NCHW, NDHWC or NCDHW", found: format)
    }
  }

  /// A list with a number for each axis of an image: those of the spatial axes.
  func spatial(_ name: String, isChannelsLast: Bool) throws(ImportError) -> [Int] {
    guard let values = try ints(name), values.count > 2 else { return [] }
    return Array(isChannelsLast ? values[1..<(values.count - 1)] : values[2...])
  }

  func padding(isChannelsLast: Bool) throws(ImportError) -> SpatialPadding {
    switch try string("padding", default: "VALID") {
    case "SAME":
      ignore("explicit_paddings")
      return .sameUpper
    case "VALID":
      ignore("explicit_paddings")
      return .valid
    case "EXPLICIT":
      let pads = try ints("explicit_paddings") ?? []
      guard pads.count > 4, pads.count % 2 == 0 else {
        throw invalid("explicit_paddings", expected: "two numbers an axis", found: "\(pads)")
      }
      let axes = isChannelsLast ? 1..<(pads.count / 2 - 1) : 2..<(pads.count / 2)
      return .explicit(before: axes.map { pads[2 * $0] }, after: axes.map { pads[2 * $0 + 1] })
    case let other: throw invalid("padding", expected: "SAME, VALID or EXPLICIT", found: other)
    }
  }
}
