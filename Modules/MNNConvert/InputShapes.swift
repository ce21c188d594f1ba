import MNNGraph

/// Sizes for a model's inputs, as a configuration file gives them.
///
///     input_names = image,mask
///     input_dims = 1x3x224x224,1x224x224
///
/// The form is that of MNN's `--inputConfigFile`. `input_size`, a count, may be there and must then agree; lines that begin with `#` say nothing.
public struct InputShapes: Sendable, Hashable {
  public var shapes: [String: [Int]]

  public init(_ shapes: [String: [Int]]) { self.shapes = shapes }

  /// - Throws: ``ImportError`` with the line that is not understood.
  public init(contentsOf path: String) throws(ImportError) {
    let text: String
    do throws(GraphError) {
      let file = try MappedFile(path)
      guard file.byteCount < 1 << 20 else {
        throw GraphError(
          .fileUnreadable, "the file is too large", expected: "less than a megabyte", found: "\(file.byteCount) bytes")
      }
      text = String(decoding: (0..<file.byteCount).map { file.bytes[$0] }, as: UTF8.self)
    } catch {
      throw ImportError(.unreadableFile, error.what, file: path, expected: error.expected, found: error.found)
    }
    do throws(ImportError) { try self.init(text: text) } catch { throw error.located(file: path) }
  }

  /// - Throws: ``ImportError``.
  public init(text: String) throws(ImportError) {
    var fields: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) where !line.allSatisfy(\.isWhitespace) && line.first != "#" {
      let parts = line.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
      guard parts.count == 2, InputShapes.keys.contains(parts[0]), fields.updateValue(parts[1], forKey: parts[0]) == nil else {
        throw .badConfiguration(
          "the line is not understood", InputShapes.keys.map { "\($0) = …" }.joined(separator: ", "), "\(line)")
      }
    }
    let names = (fields["input_names"] ?? "").split(separator: ",").map { String($0).trimmed }
    let dims = (fields["input_dims"] ?? "").split(separator: ",").map { String($0).trimmed }
    guard !names.isEmpty, names.count == dims.count else {
      throw .badConfiguration(
        "names and sizes do not belong together", "as many input_dims as input_names", "\(dims.count) and \(names.count)")
    }
    if let count = fields["input_size"], Int(count) != names.count {
      throw .badConfiguration("input_size is not the number of inputs", "\(names.count)", count)
    }
    shapes = [:]
    for (name, text) in zip(names, dims) {
      let sizes = text.split(separator: "x").map { Int($0) }
      guard !sizes.isEmpty, sizes.allSatisfy({ ($0 ?? 0) > 0 }) else {
        throw .badConfiguration("bad sizes of input \"\(name)\"", "numbers above 0 with x between them", text)
      }
      guard shapes.updateValue(sizes.compactMap(\.self), forKey: name) == nil else {
        throw .badConfiguration("an input is named twice", "each name once", name)
      }
    }
  }

  private static let keys = ["input_size", "input_names", "input_dims"]
}

extension ImportError {
  fileprivate static func badConfiguration(_ what: String, _ expected: String, _ found: String) -> ImportError {
    ImportError(.invalidShape, what, expected: expected, found: found)
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}

extension Graph {
  /// Gives inputs sizes, and infers all types anew.
  ///
  /// - Throws: ``ImportError`` for an input that is not there, that has another number of axes, or if the graph
  ///   does not allow these sizes.
  mutating func setInputShapes(_ shapes: InputShapes) throws(ImportError) {
    let known = Dictionary(inputs.map { (self[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
    for (name, sizes) in shapes.shapes.sorted(by: { $0.key < $1.key }) {
      guard let id = known[name] else {
        throw ImportError(
          .invalidInput, "the model has no input \"\(name)\"",
          expected: inputs.map { self[$0].name }.joined(separator: ", "))
      }
      let dtype = self[id].type?.dtype ?? .float32
      if let stated = self[id].type?.shape, stated.rank != sizes.count {
        throw ImportError(
          .invalidShape, "input \"\(name)\" has another number of axes", expected: "\(stated)", found: "\(sizes)")
      }
      setType(TensorType(dtype, Shape(sizes)), of: id)
    }
    do throws(GraphError) { try inferTypes() } catch {
      throw ImportError(.conversionFailed, "\(error)", advice: "the model does not allow these sizes")
    }
  }
}
