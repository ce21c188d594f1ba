public import ArgumentParser
public import MNNQuant
import ProgramSupport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The options that say how weights are kept, the same in every program that writes models.
public struct WeightOptions: ParsableArguments, Sendable {
  @Option(
    name: .customLong("weightQuantBits"), help: ArgumentHelp("Weights in N bits, 2 to 8; 0 for floats.", valueName: "N"))
  public var bits: Int?

  @Option(
    name: .customLong("weightQuantAsymmetric"),
    help: ArgumentHelp("Whether quantized weights have a smallest value beside their scale: 1 or 0.", valueName: "bool"))
  public var asymmetric = "1"

  @Option(
    name: .customLong("weightQuantBlock"),
    help: ArgumentHelp(
      "Input channels that share a scale: a multiple of 16; 0 for all. Without it 32 for 4 bits and fewer, else 0.",
      valueName: "N"))
  public var block: Int?

  @Flag(
    name: .customLong("hqq"), inversion: .prefixedNo,
    help: "Half-quadratic quantization, which few bits gain by. Without it for 4 bits and fewer, if asymmetric.")
  public var isHalfQuadratic: Bool?

  @Option(
    name: .customLong("weightQuantScaleBit"),
    help: ArgumentHelp(
      "Bits of scales, 16 or 32. Without it 16 for blocks of 4 bits and fewer, else 32.", valueName: "N"))
  public var scaleBits: Int?

  @Option(
    name: .customLong("compressionParamsFile"),
    help: ArgumentHelp("How each layer is kept: read if the file exists, else written. MNN's JSON.", valueName: "FILE"))
  public var choiceFile: String?

  public init() {}

  /// Throws ``ProgramError`` for values that none of the options takes.
  private func isAsymmetric() throws -> Bool {
    guard let value = ["1": true, "true": true, "0": false, "false": false][asymmetric.lowercased()] else {
      throw ProgramError("--weightQuantAsymmetric: expected 1 or 0, found \(asymmetric)")
    }
    return value
  }

  /// A quantization with what the options leave open filled in.
  private func completed(bits: Int, isAsymmetric: Bool, block: Int?) -> WeightQuantization {
    let isNarrow = bits <= 4
    let block = block ?? (isNarrow ? 32 : 0)
    return WeightQuantization(
      bits: bits, isAsymmetric: isAsymmetric, blockSize: block,
      method: isAsymmetric && (isHalfQuadratic ?? isNarrow) ? .halfQuadratic : .range,
      scaleBits: scaleBits ?? (isNarrow && block > 0 ? 16 : 32))
  }

  /// How weights are to be kept; nil for floats.
  ///
  /// - Parameter defaultBits: where no bits are given.
  public func choice(defaultBits: Int? = nil) throws -> WeightChoice? {
    let isAsymmetric = try isAsymmetric()
    guard block.map({ $0 >= 0 && $0 % 16 == 0 }) ?? true else {
      throw ProgramError("--weightQuantBlock: expected 0 or a multiple of 16, found \(block ?? 0)")
    }
    guard scaleBits.map({ $0 == 16 || $0 == 32 }) ?? true else {
      throw ProgramError("--weightQuantScaleBit: expected 16 or 32, found \(scaleBits ?? 0)")
    }
    guard isAsymmetric || isHalfQuadratic != true else {
      throw ProgramError("--hqq: symmetric weights have no smallest value to move; leave out --weightQuantAsymmetric 0")
    }
    let file = try existingChoiceFile.map { try CompressionFile(contentsOf: $0) }
    // MNN takes 0, its default, for floats.
    let bits = bits ?? (file == nil ? defaultBits ?? 0 : 0)
    guard bits == 0 || WeightQuantization.bitRange.contains(bits) else {
      throw ProgramError("--weightQuantBits: expected 2 to 8, found \(bits)")
    }
    guard bits != 0 || file != nil else { return nil }
    var choice = WeightChoice(standard: .floats)
    if bits != 0 { choice = .protecting(completed(bits: bits, isAsymmetric: isAsymmetric, block: block)) }
    return file?.choice(standard: choice) {
      completed(bits: $0.bits, isAsymmetric: $0.isAsymmetric, block: $0.blockSize)
    } ?? choice
  }

  private var existingChoiceFile: String? { choiceFile.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil } }

  /// Writes how the layers are kept now, if a file for that is named and does not exist yet.
  public func saveChoice(_ layers: [QuantizedLayer]) throws {
    guard let choiceFile, existingChoiceFile == nil else { return }
    try CompressionFile(layers).write(to: choiceFile)
  }
}
