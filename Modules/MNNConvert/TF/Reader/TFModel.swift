import MNNGraph

/// A TensorFlow graph as the file states it, before anything is made of it.
struct TFModel {
  var nodes: [TFNode] = []
  var functions: [String: TFFunction] = [:]
}

struct TFNode {
  var name = ""
  var op = ""
  /// `name`, `name:1`, within functions `name:output:0`; `^name` for what only comes before.
  var inputs: [String] = []
  var attributes: [String: TFAttribute] = [:]
}

/// A graph that nodes run: a branch, a loop's condition or body, a called function.
struct TFFunction {
  var name = ""
  var inputs: [String] = []
  var outputs: [String] = []
  var nodes: [TFNode] = []
  /// What each output is, by its name.
  var results: [String: String] = [:]
}

enum TFAttribute {
  case string([UInt8])
  case int(Int64)
  case float(Float)
  case bool(Bool)
  /// A number of `DataType`.
  case type(Int)
  /// -1 where a size is open; nil where even the rank is.
  case shape([Int]?)
  case tensor(TFTensor)
  case function(String)
  case list(TFList)
  /// Within a function: the attribute of this name of the node that calls it.
  case placeholder(String)

  /// How the format calls this kind of value.
  var kind: String {
    switch self {
    case .string: "string"
    case .int: "int"
    case .float: "float"
    case .bool: "bool"
    case .type: "type"
    case .shape: "shape"
    case .tensor: "tensor"
    case .function: "func"
    case .list: "list"
    case .placeholder: "placeholder"
    }
  }
}

struct TFList {
  var strings: [[UInt8]] = []
  var ints: [Int64] = []
  var floats: [Float] = []
  var bools: [Bool] = []
  var types: [Int] = []
  var shapes: [[Int]?] = []
  var functions: [String] = []
}

/// A constant: what it is, and where its data lies.
struct TFTensor {
  var type = 0
  var shape: [Int] = []
  /// The bytes of all elements.
  var content: Range<Int>?
  /// Or the elements one by one: fields of the message and where their values lie, packed or not.
  var values: [(field: Int, isPacked: Bool, range: Range<Int>)] = []
  /// Or texts.
  var strings: [[UInt8]] = []
}
