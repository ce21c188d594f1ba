import MNNGraph
import MNNRuntime
import ProgramSupport

/// Finds the one change of a pass, a backend's too, that changes what a model gives.
struct PassSearch {
  let model: String
  let outputs: [String]
  let tensors: [Tensor]
  let shapeMutable: Bool

  /// Differences above this share of the largest magnitude are not rounding.
  private static let tolerance = 1e-3

  /// Prints what was found.
  ///
  /// - Throws: ``ProgramError`` naming the change, if there is one.
  func run(_ runtime: RuntimeManager) throws {
    let plain = try module(runtime, PassControl(disabled: runtime.passes.disabled, patchLimit: 0))
    let expected: [Tensor] = try plain.forward(tensors)
    let names = { (ports: [Module.Port], tensors: [Tensor]) in Array(zip(ports.map(\.name), tensors)) }
    let verification = Verification(
      inputs: names(plain.inputs, tensors), recorded: names(plain.outputs, expected))
    let found = try Bisection.run(under: runtime.passes) { control in
      try verification.compare(module(runtime, control)).allSatisfy { $0.relativeDifference <= Self.tolerance }
    }
    guard let found else {
      return print("the outputs differ by at most \(Self.tolerance) of the largest magnitude from those without any pass")
    }
    throw ProgramError("the outputs differ from those without any pass: \(found.text)")
  }

  private func module(_ runtime: RuntimeManager, _ control: PassControl) throws -> Module {
    var runtime = runtime
    runtime.passes = control
    return try Module(contentsOf: model, outputs: outputs, runtime: runtime, shapeMutable: shapeMutable)
  }
}
