import Foundation
import MNNConvert
import MNNGraph
import MNNRuntime
import ProgramSupport

/// Inputs and results that another framework gave, in a folder.
///
/// | In the folder | Written by |
/// |---|---|
/// | `test_data_set_0/input_0.pb`, `output_0.pb`, … | ONNX's test data |
/// | `input_0_NAME.npy`, `output_0_NAME.npy`, … | numpy |
/// | `inputs.npz`, `outputs.npz`, arrays by name | numpy |
/// | `input.json`, `NAME.txt` | MNN's test scripts |
///
/// Numbers in names of files are places in the order of the model; a name counts where it is one of the model's.
struct RecordedResults {
  struct Set {
    var path: String
    var inputs: [(name: String, tensor: Tensor)]
    var outputs: [(name: String, tensor: Tensor)]
  }

  private(set) var sets: [Set] = []

  init(folder: String, inputs: [Module.Port], outputs: [Module.Port]) throws {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
      throw ProgramError("--testdir \(folder): the folder cannot be read")
    }
    let inner = names.filter { $0.hasPrefix("test_data_set_") }
    for path in inner.isEmpty ? [folder] : inner.map({ "\(folder)/\($0)" }) {
      sets.append(try RecordedResults.read(path, inputs, outputs))
    }
  }

  private static func read(_ folder: String, _ inputs: [Module.Port], _ outputs: [Module.Port]) throws -> Set {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    var set = Set(path: folder, inputs: [], outputs: [])
    if files.contains("input.json") {
      (set.inputs, set.outputs) = try TextResults(folder).tensors(inputs, outputs)
    } else if files.contains("inputs.npz"), files.contains("outputs.npz") {
      set.inputs = try archive("\(folder)/inputs.npz")
      set.outputs = try archive("\(folder)/outputs.npz")
    } else {
      set.inputs = try numbered("input", files, folder, inputs)
      set.outputs = try numbered("output", files, folder, outputs)
    }
    guard !set.outputs.isEmpty else {
      throw ProgramError(
        "--testdir \(folder): no recorded results; expected output_0.pb, output_0_NAME.npy, outputs.npz, or input.json with NAME.txt"
      )
    }
    for name in set.outputs.map(\.name) where !outputs.contains(where: { $0.name == name }) {
      throw ProgramError(
        "--testdir \(folder): the model has no output \"\(name)\"; it has \(outputs.map(\.name).joined(separator: ", "))")
    }
    return set
  }

  private static func archive(_ path: String) throws -> [(name: String, tensor: Tensor)] {
    let archive = try NPZArchive(contentsOf: path)
    return try archive.names.map { ($0, try archive.tensor(named: $0)) }
  }

  /// `input_3.pb`, `input_3.npy`, `input_3_NAME.npy`.
  private static func numbered(
    _ kind: String, _ files: [String], _ folder: String, _ ports: [Module.Port]
  ) throws -> [(name: String, tensor: Tensor)] {
    var found: [(name: String, tensor: Tensor)] = []
    for file in files where file.hasPrefix("\(kind)_") {
      let isArray = file.hasSuffix(".npy")
      guard isArray || file.hasSuffix(".pb") else { continue }
      let stem = file.dropFirst(kind.count + 1).dropLast(isArray ? 4 : 3)
      let parts = stem.split(separator: "_", maxSplits: 1).map(String.init)
      guard let first = parts.first, let number = Int(first) else { continue }
      let path = "\(folder)/\(file)"
      var name = parts.count > 1 ? parts[1] : ""
      let tensor: Tensor
      if isArray {
        tensor = try Tensor(contentsOfNPY: path)
      } else {
        let file = try ONNXTensorFile(path: path)
        (name, tensor) = (file.name, file.tensor)
      }
      if !ports.contains(where: { $0.name == name }) {
        guard ports.indices.contains(number) else {
          throw ProgramError("\(path): the model has \(ports.count) \(kind)s; none is number \(number)")
        }
        name = ports[number].name
      }
      found.append((name, tensor))
    }
    return found
  }
}

/// The form of MNN's test scripts: `input.json` names and shapes inputs and names outputs, `NAME.txt` has the numbers.
private struct TextResults {
  private struct Description: Decodable {
    struct Input: Decodable {
      var name: String
      var shape: [Int]?
      var value: Double?
    }
    var inputs: [Input]
    var outputs: [String]
  }

  private let folder: String
  private let description: Description

  init(_ folder: String) throws {
    self.folder = folder
    do {
      description = try JSONDecoder().decode(
        Description.self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/input.json")))
    } catch {
      throw ProgramError(
        "\(folder)/input.json: expected {\"inputs\": [{\"name\", \"shape\"}, …], \"outputs\": [names]}: \(error)")
    }
  }

  func tensors(
    _ inputs: [Module.Port], _ outputs: [Module.Port]
  ) throws -> (inputs: [(name: String, tensor: Tensor)], outputs: [(name: String, tensor: Tensor)]) {
    var result: (inputs: [(name: String, tensor: Tensor)], outputs: [(name: String, tensor: Tensor)]) = ([], [])
    for input in description.inputs {
      let type = inputs.first { $0.name == input.name }?.type
      let numbers = try input.value.map { [$0] } ?? self.numbers(input.name)
      let shape = input.shape ?? (numbers.count == 1 ? [] : [numbers.count])
      result.inputs.append((input.name, try tensor(input.name, numbers, shape, type?.dtype ?? .float32)))
    }
    for name in description.outputs {
      let numbers = try numbers(name)
      // The text has no shape: where the model states none, the numbers are taken as they come.
      let type = outputs.first { $0.name == name }?.type
      var shape = type?.shape.sizes ?? [numbers.count]
      if let stated = try? checkedElementCount(shape), stated != numbers.count { shape = [numbers.count] }
      result.outputs.append((name, try tensor(name, numbers, shape, type?.dtype ?? .float32)))
    }
    return result
  }

  private func tensor(_ name: String, _ numbers: [Double], _ shape: [Int], _ dtype: DType) throws -> Tensor {
    let count = try checkedElementCount(shape)
    // One number stands for all.
    guard numbers.count == count || numbers.count == 1 else {
      throw ProgramError("\(folder)/\(name).txt: expected \(count) numbers for shape \(shape), found \(numbers.count)")
    }
    return try Tensor.generated(shape) { numbers[numbers.count == 1 ? 0 : $0] }.converted(to: dtype)
  }

  private func numbers(_ name: String) throws -> [Double] {
    let plain = name.replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: ":", with: "_")
    guard let path = ["\(folder)/\(name).txt", "\(folder)/\(plain).txt"].first(where: FileManager.default.fileExists) else {
      throw ProgramError("\(folder)/\(name).txt is missing")
    }
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    return try bytes.split(whereSeparator: { $0 == 32 || (9...13).contains($0) || $0 == 44 }).map { word in
      guard let number = Double(String(decoding: word, as: UTF8.self)) else {
        throw ProgramError("\(path): expected numbers, found \"\(String(decoding: word.prefix(40), as: UTF8.self))\"")
      }
      return number
    }
  }
}
