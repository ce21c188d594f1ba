public import MNNQuant
import ProgramSupport

/// A line for each layer: how it is kept, its size before and after, and what that changed.
public struct LayerTable: CustomStringConvertible {
  private let layers: [QuantizedLayer]

  public init(_ layers: [QuantizedLayer]) { self.layers = layers }

  public var description: String {
    let head = ["layer", "kind", "weights", "bits", "block", "before", "after", "SNR weights", "SNR outputs"]
    let hasOutputs = layers.contains { $0.outputSignalToNoise != nil }
    var rows = [hasOutputs ? head : Array(head.dropLast())]
    for result in layers {
      var row = [
        result.layer.path, result.layer.kind.rawValue, "\(result.layer.count)", result.bitsText, result.blockText,
        size(result.layer.byteCount), size(result.byteCount), decibels(result.signalToNoise),
      ]
      if hasOutputs { row.append(decibels(result.outputSignalToNoise)) }
      rows.append(row)
    }
    let before = layers.reduce(0) { $0 + $1.layer.byteCount }
    let after = layers.reduce(0) { $0 + $1.byteCount }
    var total = ["total", "", "\(layers.reduce(0) { $0 + $1.layer.count })", "", "", size(before), size(after), ""]
    if hasOutputs { total.append("") }
    rows.append(total)
    let widths = rows[0].indices.map { column in rows.reduce(0) { max($0, $1[column].count) } }
    return rows.map { row in
      row.indices.map { i in
        i < 2 ? padded(row[i], to: widths[i]) : String(repeating: " ", count: widths[i] - row[i].count) + row[i]
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  private func decibels(_ value: Double?) -> String {
    guard let value else { return "-" }
    return value.isFinite ? "\(fixed(value, 1)) dB" : "exact"
  }

  private func size(_ bytes: Int) -> String {
    bytes < 1_000_000 ? "\(fixed(Double(bytes) / 1e3, 1)) kB" : "\(fixed(Double(bytes) / 1e6, 2)) MB"
  }
}

extension QuantizedLayer {
  /// The bits of a weight in words.
  public var bitsText: String {
    guard case .codes(let quantization) = form else { return "float" }
    return "\(quantization.bits)\(quantization.isAsymmetric ? "" : " sym")"
  }

  /// The size of a block in words.
  public var blockText: String {
    guard case .codes(let quantization) = form, quantization.blockSize > 0 else { return "-" }
    return "\(quantization.blockSize)"
  }
}
