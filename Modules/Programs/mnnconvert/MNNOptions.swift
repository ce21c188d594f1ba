import ArgumentParser
import MNNConvert
import MNNGraph
import ProgramSupport

/// Options of MNN's own converter beside those of which this one has its own form: what is done is as documented there; what this converter
/// does anyway, or cannot do, is said.
struct MNNOptions: ParsableArguments {
  @Option(
    name: .customLong("inputConfigFile"),
    help: ArgumentHelp("Sizes of inputs: lines input_names = a,b and input_dims = 1x3x224x224,1x8.", valueName: "FILE"))
  var inputConfigFile: String?

  @Flag(name: .customLong("saveStaticModel"), help: "Sizes of inputs are final: all that follows from them is computed now.")
  var savesStaticModel = false

  @Option(name: .customLong("optimizeLevel"), help: "0: no passes. 1: all of them. 2: as 1.")
  var optimizeLevel = 1

  @Option(name: .customLong("prototxt"), help: .hidden) var prototxt: String?
  @Option(name: .customLong("keepInputFormat"), help: .hidden) var keepInputFormat: String?
  @Option(name: .customLong("optimizePrefer"), help: .hidden) var optimizePrefer: String?
  @Option(name: .customLong("targetVersion"), help: .hidden) var targetVersion: String?
  @Option(name: .customLong("authCode"), help: .hidden) var authCode: String?
  @Option(name: .customLong("customOpLibs"), help: .hidden) var customOpLibs: String?
  @Option(name: .customLong("testconfig"), help: .hidden) var testConfig: String?
  @Option(name: .customLong("convertMatmulToConv"), help: .hidden) var convertMatMulToConv: String?
  @Option(name: .customLong("useGeluApproximation"), help: .hidden) var useGeluApproximation: String?
  @Option(name: .customLong("transformerFuseC4"), help: .hidden) var transformerFuseC4: String?
  @Option(name: .customLong("alignDenormalizedValue"), help: .hidden) var alignDenormalizedValue: String?
  @Flag(name: .customLong("forTraining"), help: .hidden) var forTraining = false
  @Flag(name: .customLong("transformerFuse"), help: .hidden) var transformerFuse = false
  @Flag(name: .customLong("groupConvNative"), help: .hidden) var groupConvNative = false
  @Flag(name: .customLong("useOriginRNNImpl"), help: .hidden) var useOriginRNN = false
  @Flag(name: .customLong("detectSparseSpeedUp"), help: .hidden) var detectSparse = false
  @Flag(name: .customLong("allowCustomOp"), help: .hidden) var allowCustomOp = false
  @Flag(name: .customLong("splitBlockQuant"), help: .hidden) var splitBlockQuant = false
  @Flag(name: .customLong("benchmarkModel"), help: .hidden) var benchmarkModel = false
  @Flag(name: .customLong("dumpPass"), help: .hidden) var dumpPass = false
  @Flag(name: .customLong("debug"), help: .hidden) var debug = false

  /// The flags, which MNN's users also give a value.
  static let switches: Set<String> = [
    "--saveStaticModel", "--forTraining", "--transformerFuse", "--groupConvNative", "--useOriginRNNImpl", "--detectSparseSpeedUp",
    "--allowCustomOp", "--splitBlockQuant", "--benchmarkModel", "--dumpPass", "--debug",
  ]

  /// What an option comes to here.
  private enum Answer {
    /// It is what this converter does, or changes nothing that can be seen in results.
    case note(String)
    case refusal(String)
  }

  private var answers: [(option: String, answer: Answer)] {
    var list: [(String, Answer)] = []
    func add(_ option: String, _ isGiven: Bool, _ answer: Answer) { if isGiven { list.append((option, answer)) } }
    let isOn = { (text: String?) in text.map { !["0", "false"].contains($0.lowercased()) } }
    add("--prototxt", prototxt != nil, .refusal("belongs to Caffe models, which are not read"))
    add(
      "--keepInputFormat", isOn(keepInputFormat) == false,
      .refusal("inputs keep the layout of the source; blocked layouts are the runtime's own affair"))
    add(
      "--optimizePrefer", optimizePrefer.map { $0 != "0" } ?? false,
      .note("there is one set of passes, which makes models smaller and faster"))
    if let targetVersion, Double(targetVersion).map({ $0 < 3.6 }) ?? true {
      add("--targetVersion", true, .refusal("\(targetVersion): files are written for version 3.6 of MNN and newer"))
    }
    add("--authCode", authCode != nil, .refusal("a model has no such field that MNN reads"))
    add(
      "--customOpLibs", customOpLibs != nil,
      .refusal("libraries of operators for Torch are not loaded; Torch models are not read"))
    add(
      "--testconfig", testConfig != nil,
      .refusal("comparisons run on the CPU with standard settings; mnnrun takes --backend, --precision and --memory"))
    add(
      "--convertMatmulToConv", isOn(convertMatMulToConv) == false,
      .note("products stay products unless their weights are in few bits, which the format has for convolutions alone"))
    add("--useGeluApproximation", isOn(useGeluApproximation) == true, .note("GELU stays as exact as the model has it"))
    add("--transformerFuseC4", transformerFuseC4 != nil, .note("attention is recognized when a model is loaded"))
    add(
      "--alignDenormalizedValue", isOn(alignDenormalizedValue) == true,
      .note("weights are kept as they are; kernels flush denormals"))
    add("--forTraining", forTraining, .refusal("models are written for inference: batch normalization is folded"))
    add("--transformerFuse", transformerFuse, .note("attention is recognized when a model is loaded"))
    add("--groupConvNative", groupConvNative, .note("grouped convolutions are always written as one operator"))
    add("--useOriginRNNImpl", useOriginRNN, .note("LSTM, GRU and RNN are always written as one operator"))
    add("--detectSparseSpeedUp", detectSparse, .refusal("weights are written with their zeros; the sparse forms are read only"))
    add(
      "--allowCustomOp", allowCustomOp,
      .refusal("a model with an operator that nothing can run would only fail later; all unknown operators are listed"))
    add("--splitBlockQuant", splitBlockQuant, .refusal("blocks are read in the form that the file has"))
    add("--benchmarkModel", benchmarkModel, .refusal("mnnbench measures models with their weights"))
    add("--dumpPass", dumpPass, .note("what every pass changed is printed anyway"))
    add("--debug", debug, .note("errors say all that is known; --check looks at the graph after every pass"))
    return list
  }

  /// - Returns: what is to be said of options that change nothing.
  /// - Throws: ``ProgramError`` for an option that cannot be honored.
  func notes() throws -> [String] {
    guard (0...2).contains(optimizeLevel) else {
      throw ProgramError("--optimizeLevel: expected 0, 1 or 2, found \(optimizeLevel)")
    }
    var notes: [String] = []
    for (option, answer) in answers {
      switch answer {
      case .note(let text): notes.append("\(option): \(text)")
      case .refusal(let text): throw ProgramError("\(option): \(text)")
      }
    }
    return notes
  }

  func apply(to converter: inout Converter) throws {
    if let inputConfigFile { converter.inputShapes = try InputShapes(contentsOf: inputConfigFile) }
    converter.isStatic = savesStaticModel
    if optimizeLevel == 0 { converter.pipeline.passes = [] }
  }

  /// Whether the model has to be read as a graph for these.
  var changesGraph: Bool { inputConfigFile != nil || savesStaticModel || optimizeLevel == 0 }

  /// What converts a model of a framework that is not read here.
  static func advice(for framework: String) -> String? {
    switch framework.uppercased() {
    case "CAFFE":
      "Caffe models are not read; MNN 3.6's mnnconvert (Python package MNN==3.6.1) converts them: -f CAFFE --modelFile M.caffemodel --prototxt M.prototxt --MNNModel M.mnn"
    case "TORCH": "TorchScript models are not read; export the model as ONNX (torch.onnx.export) and convert that with -f ONNX"
    default: nil
    }
  }
}
