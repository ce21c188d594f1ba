import MNNGraph

/// What a `.mnn` file says of itself: its inputs and outputs as stated, version and notes. Reads no weights.
public struct ModelInfo: Sendable, Hashable, CustomStringConvertible {
  public struct Input: Sendable, Hashable {
    public var name: String
    /// The format of the axes, in the file's words: `NCHW`, `NHWC`, `NC4HW4`.
    public var format: String
    /// -1 where a size is not stated.
    public var size: [Int]
    /// The element type in MNN's words: `float`, `int32`, ….
    public var type: String
  }

  public var defaultFormat: String
  public var inputs: [Input]
  public var outputs: [String]
  /// The version of the program that wrote the file; nil before 2.0.
  public var version: String?
  public var bizCode: String
  public var metadata: [String: String]
  /// Operators by type.
  public var operatorCounts: [String: Int]

  /// - Throws: ``FormatError`` if the file is not a `.mnn` model.
  public init(contentsOfMNN path: String) throws(FormatError) {
    do throws(FormatError) {
      let file: MappedFile
      do throws(GraphError) { file = try MappedFile(path) } catch { throw FormatError(error, .fileUnreadable) }
      let net = try Wire.Net(decoding: WireStorage(borrowing: file.bytes, from: file))
      try net.validate()
      try self.init(net)
      try file.checked()
    } catch { throw error.inFile(path) }
  }

  init(_ net: Wire.Net) throws(FormatError) {
    let names = net.tensorName ?? []
    let isChannelsLast = net.sourceType == .TENSORFLOW || net.sourceType == .TFLITE
    defaultFormat = isChannelsLast ? "NHWC" : "NCHW"
    let operators = net.oplists ?? []
    inputs = operators.filter { $0.type == .Input }.map { op in
      let input = op.main(as: Wire.Input.self) ?? Wire.Input(WireTable(Wire.Input.kind))
      let name = op.outputIndexes?.first.flatMap { Int($0) < names.count ? names[Int($0)] : nil } ?? op.name ?? ""
      return Input(
        name: name, format: "\(input.dformat)", size: (input.dims ?? []).map { Int($0) }, type: Self.word(input.dtype))
    }
    outputs = net.outputName ?? []
    version = net.extraInfo?.version
    bizCode = net.bizCode ?? ""
    metadata = try net.extraInfo?.metadata() ?? [:]
    operatorCounts = [:]
    for op in operators + (net.subgraphs ?? []).flatMap({ $0.nodes ?? [] }) {
      operatorCounts[op.type.description, default: 0] += 1
    }
  }

  private static func word(_ type: Wire.DataType) -> String {
    switch type {
    case .DT_FLOAT: "float"
    case .DT_HALF: "half"
    case .DT_UINT16: "uint16"
    case .DT_UINT8: "uint8"
    case .DT_INT32: "int32"
    case .DT_INT16: "int16"
    case .DT_INT8: "int8"
    default: "Unknown"
    }
  }

  /// As MNN's `--info` prints it.
  public var description: String {
    var lines = ["Model default dimensionFormat is \(defaultFormat)", "Model Inputs:"]
    for input in inputs {
      let size = input.size.isEmpty ? "[ ]" : "[ \(input.size.map(String.init).joined(separator: ",")) ]"
      lines.append("[ \(input.name) ]: dimensionFormat: \(input.format), size: \(size), type is \(input.type)")
    }
    lines.append("Model Outputs:")
    lines += outputs.map { "[ \($0) ]" }
    lines.append(version.map { "Model Version: \($0) " } ?? "Model Version: < 2.0.0")
    if !metadata.isEmpty {
      lines.append("MetaData: Begin ")
      lines += metadata.sorted { $0.key < $1.key }.map { "[Meta] \($0.key) : \($0.value)" }
      lines.append("MetaData: End ")
    }
    return lines.joined(separator: "\n")
  }
}
