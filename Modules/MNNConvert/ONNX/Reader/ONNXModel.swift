/// An ONNX model as the file states it, before anything is made of it.
package struct ONNXModel: Sendable {
  package var irVersion: Int64
  package var producer: String
  package var producerVersion: String
  /// Version of the operator set of each domain; the standard domain is "".
  package var opsets: [String: Int64]
  package var graph: ONNXGraph
  package var functions: [ONNXFunction]
  package var metadata: [(key: String, value: String)]
}

package struct ONNXGraph: Sendable {
  package var name: String
  package var nodes: [ONNXNode]
  package var inputs: [ONNXValueInfo]
  package var outputs: [ONNXValueInfo]
  /// What the exporter says of values in between; a hint, never needed.
  package var values: [ONNXValueInfo]
  package var initializers: [ONNXTensor]
  package var sparseInitializers: [ONNXSparseTensor]
}

package struct ONNXNode: Sendable {
  package var name: String
  package var operatorType: String
  /// "" for the standard domain.
  package var domain: String
  package var overload: String
  /// Names of values; "" where an optional input is left out.
  package var inputs: [String]
  package var outputs: [String]
  package var attributes: [ONNXAttribute]
}

package struct ONNXAttribute: Sendable {
  package var name: String
  package var value: ONNXAttributeValue
}

package enum ONNXAttributeValue: Sendable {
  case float(Float)
  case int(Int64)
  case string([UInt8])
  case tensor(ONNXTensor)
  case graph(ONNXGraph)
  case sparseTensor(ONNXSparseTensor)
  case type(ONNXType)
  case floats([Float])
  case ints([Int64])
  case strings([[UInt8]])
  case tensors([ONNXTensor])
  case graphs([ONNXGraph])
  case sparseTensors([ONNXSparseTensor])
  case types([ONNXType])
  /// Within a function: the attribute of this name of the node that calls it.
  case reference(String)

  /// How the specification calls this kind of value.
  var kind: String {
    switch self {
    case .float: "FLOAT"
    case .int: "INT"
    case .string: "STRING"
    case .tensor: "TENSOR"
    case .graph: "GRAPH"
    case .sparseTensor: "SPARSE_TENSOR"
    case .type: "TYPE_PROTO"
    case .floats: "FLOATS"
    case .ints: "INTS"
    case .strings: "STRINGS"
    case .tensors: "TENSORS"
    case .graphs: "GRAPHS"
    case .sparseTensors: "SPARSE_TENSORS"
    case .types: "TYPE_PROTOS"
    case .reference: "a reference"
    }
  }
}

/// A model-local function: a node of this name stands for these nodes.
package struct ONNXFunction: Sendable {
  package var name: String
  package var domain: String
  package var overload: String
  package var inputs: [String]
  package var outputs: [String]
  package var attributes: [String]
  /// Attributes with a default.
  package var defaults: [ONNXAttribute]
  package var nodes: [ONNXNode]
  package var opsets: [String: Int64]
}

package struct ONNXValueInfo: Sendable {
  package var name: String
  package var type: ONNXType
}

package enum ONNXType: Sendable {
  /// `shape` is nil where even the rank is not stated.
  case tensor(elementType: Int32, shape: [ONNXDimension]?)
  case sparseTensor(elementType: Int32, shape: [ONNXDimension]?)
  indirect case sequence(ONNXType)
  indirect case optional(ONNXType)
  case map
  case unstated
}

package enum ONNXDimension: Hashable, Sendable {
  case fixed(Int64)
  /// Equal names mean equal sizes.
  case named(String)
  case unknown
}

/// A constant: what it is, and where its data lies.
package struct ONNXTensor: Sendable {
  /// Data of one field of the message.
  package enum Source: Sendable {
    /// Bytes of the model file: little-endian values, or packed varints for the integer fields.
    case file(field: Int32, Range<Int>)
    /// Values that were not packed, as protobuf-c gave them, little-endian with the field's own width.
    case unpacked(field: Int32, [UInt8])
    case strings([[UInt8]])
    /// Key and value of `external_data`.
    case external([(key: String, value: String)])
  }

  package var name: String
  package var dimensions: [Int64]
  package var elementType: Int32
  package var sources: [Source]
}

package struct ONNXSparseTensor: Sendable {
  package var values: ONNXTensor
  package var indices: ONNXTensor
  package var dimensions: [Int64]
}
