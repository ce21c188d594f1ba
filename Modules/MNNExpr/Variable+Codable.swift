import Foundation
import MNNGraph

/// Type, shape and little-endian row-major bytes of the elements; computed first if they are not yet.
extension Variable: Codable {
  private enum CodingKeys: String, CodingKey { case dtype, shape, format, name, data }

  /// - Throws: ``ExprError`` if the contents cannot be computed; what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    let tensor = try tensor()
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tensor.dtype, forKey: .dtype)
    try container.encode(tensor.shape, forKey: .shape)
    try container.encode(format.rawValue, forKey: .format)
    try container.encodeIfPresent(name, forKey: .name)
    try container.encode(tensor.withUnsafeBytes { Data($0) }, forKey: .data)
  }

  /// - Throws: `DecodingError` for bytes that do not fill the shape or a type that arrays do not have.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let dtype = try container.decode(DType.self, forKey: .dtype)
    let shape = try container.decode([Int].self, forKey: .shape)
    let data = try container.decode(Data.self, forKey: .data)
    guard let format = DataFormat(rawValue: try container.decode(String.self, forKey: .format)) else {
      throw DecodingError.dataCorruptedError(forKey: .format, in: container, debugDescription: "unknown format")
    }
    guard !dtype.isPacked, shape.allSatisfy({ $0 >= 0 }), let count = try? checkedElementCount(shape),
      count <= data.count, count * dtype.byteCount == data.count
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .data, in: container, debugDescription: "\(data.count) bytes do not fill \(dtype)\(shape)")
    }
    let tensor = try Tensor(uninitialized: dtype, shape: shape)
    tensor.mutableBytes.copyBytes(from: data)
    if dtype == .bool, data.contains(where: { $0 > 1 }) {
      throw DecodingError.dataCorruptedError(forKey: .data, in: container, debugDescription: "truth values other than 0 and 1")
    }
    self.init(tensor, format: format)
    name = try container.decodeIfPresent(String.self, forKey: .name)
  }
}
