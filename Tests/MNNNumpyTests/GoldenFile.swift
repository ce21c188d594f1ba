import Foundation
import MNNGraph
import Testing

/// One family of calls that Scripts/golden/numpy wrote: what numpy was asked and what it gave.
struct GoldenFile {
  let name: String
  let calls: [GoldenCall]

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data")

  init(_ name: String) throws {
    self.name = name
    let text = try Data(contentsOf: GoldenFile.folder.appendingPathComponent("\(name).json"))
    let file = try JSONDecoder().decode(Contents.self, from: text)
    let archive = try NPZArchive(contentsOf: GoldenFile.folder.appendingPathComponent("\(name).npz").path)
    let blob = try archive.tensor(named: "bytes")
    let arrays = try file.arrays.map { try GoldenFile.tensor($0, in: blob) }
    calls = try file.calls.enumerated().map { try GoldenCall(name: "\(name)[\($0)] \($1.f)", entry: $1, arrays: arrays) }
  }

  private static func tensor(_ entry: ArrayEntry, in blob: Tensor) throws -> Tensor {
    let dtype = try #require(DType(rawValue: entry.dtype))
    return try Tensor(dtype: dtype, shape: entry.shape) { (target: UnsafeMutableRawBufferPointer) in
      blob.withUnsafeBytes {
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[entry.offset..<entry.offset + target.count]))
      }
    }
  }

  private struct Contents: Decodable {
    var arrays: [ArrayEntry]
    var calls: [CallEntry]
  }

  private struct ArrayEntry: Decodable {
    var dtype: String
    var shape: [Int]
    var offset: Int

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      dtype = try list.decode(String.self)
      shape = try list.decode([Int].self)
      offset = try list.decode(Int.self)
    }
  }

  struct CallEntry: Decodable {
    var f: String
    var a: [GoldenValue]
    var k: [String: GoldenValue]?
    /// The arrays of the result.
    var r: [Int]?
    /// The text of the result.
    var s: String?
    /// Whether the call fails.
    var e: Bool?
    /// Whether errors are measured against the largest element of the result.
    var n: Bool?
  }
}

/// A value in a call.
indirect enum GoldenValue: Decodable, Equatable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case float(Double)
  case text(String)
  case list([GoldenValue])
  case dtype(String)
  /// An array of the table, and the slices (start, stop, step) that make a view of it.
  case array(Int, slices: [[Int?]])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .bool(flag)
    } else if let entry = try? value.decode(Entry.self) {
      if let array = entry.v {
        self = .array(array, slices: entry.i ?? [])
      } else if let dtype = entry.d {
        self = .dtype(dtype)
      } else {
        self = .float(Double(entry.f ?? "") ?? .nan)
      }
    } else if let list = try? value.decode([GoldenValue].self) {
      self = .list(list)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else {
      self = .int(try value.decode(Int.self))
    }
  }

  private struct Entry: Decodable {
    var v: Int?
    var i: [[Int?]]?
    var d: String?
    var f: String?
  }
}
