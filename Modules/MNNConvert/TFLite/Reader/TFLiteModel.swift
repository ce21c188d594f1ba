import MNNGraph

/// A TFLite model as the file states it, before anything is made of it.
struct TFLiteModel {
  var description: String
  var subgraphs: [TFLiteSubgraph]
  var signatures: [TFLiteSignature]
  /// Where the data of each buffer lie in the file; nil for none.
  var buffers: [Range<Int>?]
  /// Named data beside the graph: `name`, buffer.
  var metadata: [(name: String, buffer: Int)]
}

struct TFLiteSubgraph {
  var name: String
  var tensors: [TFLiteTensor]
  var inputs: [Int]
  var outputs: [Int]
  var operators: [TFLiteNode]
}

struct TFLiteTensor {
  var name: String
  /// Empty for a scalar, and where nothing is known.
  var shape: [Int]
  /// As `shape`, but -1 where a size is open.
  var signature: [Int]?
  /// A number of `TensorType`.
  var type: Int
  var buffer: Int
  var isVariable: Bool
  var quantization: TFLiteQuantization?
  var sparsity: TFLiteTable?
  /// The data lie in another file.
  var isExternal: Bool
}

/// `(q - zeroPoint) * scale`; one pair, or one per element of the axis.
struct TFLiteQuantization: Hashable {
  var scales: [Float]
  var zeroPoints: [Int]
  var axis: Int
  /// Scales per block, which other tensors hold: `scales`, `zeroPoints` (-1 for none), and the elements of a block on the last axis.
  var blocks: Blocks?

  struct Blocks: Hashable {
    var scales: Int
    var zeroPoints: Int
    var size: Int
  }
}

struct TFLiteNode {
  /// As the format spells it; of a custom operator its own name.
  var name: String
  var isCustom: Bool
  /// -1 where an optional input is left out.
  var inputs: [Int]
  var outputs: [Int]
  var intermediates: [Int]
  var options: TFLiteTable?
  var customOptions: Range<Int>?
}

struct TFLiteSignature {
  var key: String
  var inputs: [(name: String, tensor: Int)]
  var outputs: [(name: String, tensor: Int)]
  var subgraph: Int
}

extension TFLiteModel {
  init(_ root: TFLiteTable) throws(ImportError) {
    let version = try root.int("version")
    guard version == 3 else {
      throw ImportError(.malformedFile, "the version of the format is not known", expected: "3", found: "\(version)")
    }
    description = try root.string("description") ?? ""
    var codes: [(name: String, isCustom: Bool)] = []
    for code in try root.tables("operator_codes") {
      // Codes of up to 127 once had a byte.
      let number = max(try code.int("builtin_code"), try code.int("deprecated_builtin_code"))
      let name = TFLiteSchema.shared.operatorNames[number]
      let isCustom = name == "CUSTOM"
      codes.append((isCustom ? try code.string("custom_code") ?? "CUSTOM" : name ?? "operator \(number)", isCustom))
    }
    buffers = []
    let size = root.bytes.file.byteCount
    for buffer in try root.tables("buffers") {
      let (offset, length) = (try buffer.int("offset"), try buffer.int("size"))
      if offset > 1 {
        guard length >= 0, length <= size, offset <= size - length else {
          throw ImportError(
            .malformedFile, "buffer \(buffers.count) leaves the file", expected: "at most \(size) bytes",
            found: "\(length) bytes at \(offset)", advice: "the file is truncated; fetch or export it again")
        }
        buffers.append(offset..<offset + length)
      } else {
        buffers.append(try buffer.range("data").flatMap { $0.isEmpty ? nil : $0 })
      }
    }
    subgraphs = []
    for table in try root.tables("subgraphs") { subgraphs.append(try TFLiteSubgraph(table, codes)) }
    signatures = []
    for table in try root.tables("signature_defs") {
      func map(_ name: String) throws(ImportError) -> [(name: String, tensor: Int)] {
        var result: [(name: String, tensor: Int)] = []
        for entry in try table.tables(name) { result.append((try entry.string("name") ?? "", try entry.int("tensor_index"))) }
        return result
      }
      signatures.append(
        TFLiteSignature(
          key: try table.string("signature_key") ?? "", inputs: try map("inputs"), outputs: try map("outputs"),
          subgraph: try table.int("subgraph_index")))
    }
    metadata = []
    for table in try root.tables("metadata") {
      metadata.append((try table.string("name") ?? "", try table.int("buffer")))
    }
    guard !subgraphs.isEmpty else {
      throw ImportError(.malformedFile, "the model has no graph", advice: "check the file and the framework given with -f")
    }
  }
}

extension TFLiteSubgraph {
  init(_ table: TFLiteTable, _ codes: [(name: String, isCustom: Bool)]) throws(ImportError) {
    name = try table.string("name") ?? ""
    tensors = []
    for tensor in try table.tables("tensors") { tensors.append(try TFLiteTensor(tensor)) }
    inputs = try table.ints("inputs") ?? []
    outputs = try table.ints("outputs") ?? []
    operators = []
    for op in try table.tables("operators") {
      let code = try op.int("opcode_index")
      guard code < codes.count else {
        throw ImportError(
          .invalidGraph, "operator \(operators.count) has no code", expected: "below \(codes.count)", found: "\(code)")
      }
      var custom = try op.range("custom_options")
      let (offset, size) = (try op.int("large_custom_options_offset"), try op.int("large_custom_options_size"))
      if offset > 1 {
        let end = table.bytes.file.byteCount
        guard size >= 0, size <= end, offset <= end - size else {
          throw ImportError(
            .malformedFile, "options of operator \(operators.count) leave the file", found: "\(size) bytes at \(offset)")
        }
        custom = offset..<offset + size
      }
      var options = try op.table("builtin_options")
      if options == nil { options = try op.table("builtin_options2") }
      operators.append(
        TFLiteNode(
          name: codes[code].name, isCustom: codes[code].isCustom, inputs: try op.ints("inputs") ?? [],
          outputs: try op.ints("outputs") ?? [], intermediates: try op.ints("intermediates") ?? [], options: options,
          customOptions: custom))
    }
    for (what, list) in [("input", inputs), ("output", outputs)] {
      if let bad = list.first(where: { $0 < 0 || $0 >= tensors.count }) {
        throw ImportError(
          .invalidGraph, "an \(what) of graph \"\(name)\" does not exist", expected: "0 to \(tensors.count - 1)", found: "\(bad)")
      }
    }
    for op in operators {
      for index in op.inputs + op.outputs + op.intermediates where index < -1 || index >= tensors.count {
        throw ImportError(
          .invalidGraph, "a tensor of \(op.name) does not exist", expected: "-1 to \(tensors.count - 1)", found: "\(index)")
      }
    }
  }
}

extension TFLiteTensor {
  init(_ table: TFLiteTable) throws(ImportError) {
    name = try table.string("name") ?? ""
    let (stated, signature) = (try table.ints("shape"), try table.ints("shape_signature"))
    shape = stated ?? []
    self.signature = signature.flatMap { $0.count == stated?.count ?? 0 ? $0 : nil }
    type = try table.int("type")
    buffer = try table.int("buffer")
    isVariable = try table.bool("is_variable")
    isExternal = try table.int("external_buffer") != 0
    sparsity = try table.table("sparsity")
    quantization = try table.table("quantization").flatMap { table throws(ImportError) in try TFLiteQuantization(table) }
  }
}

extension TFLiteQuantization {
  /// nil if the table says nothing that matters: converters leave ranges behind that were observed.
  init?(_ table: TFLiteTable) throws(ImportError) {
    scales = try table.floats("scale") ?? []
    zeroPoints = try table.ints("zero_point") ?? []
    axis = try table.int("quantized_dimension")
    if let details = try table.table("details"), details.name == "BlockwiseQuantization" {
      blocks = Blocks(
        scales: try details.int("scales"), zeroPoints: try details.int("zero_points"), size: try details.int("block_size"))
    }
    guard !scales.isEmpty || blocks != nil else { return nil }
    if zeroPoints.isEmpty { zeroPoints = scales.map { _ in 0 } }
    guard zeroPoints.count == scales.count || zeroPoints.count == 1 else {
      throw ImportError(
        .invalidTensor, "scales and zero points do not fit", expected: "\(scales.count) zero points", found: "\(zeroPoints.count)"
      )
    }
  }
}
