import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// What `precision` and `memory` ask for and a node does not get: nothing is silent.
enum Shortfall {
  static func text(
    of launch: any Launch, for request: KernelRequest, settings: ExecutionSettings, on processor: Processor
  ) -> String? {
    guard launch.arithmetic.isEmpty, let weights = weights(of: request) else { return nil }
    var reasons: [String] = []
    if settings.memory == .low, let form = weights.form { reasons.append("memory low: \(form)") }
    if settings.precision.isLow {
      reasons.append(
        processor.isa & UInt32(CK_ISA_AVX512BF16) == 0
          ? "precision low: the processor multiplies no bfloat16" : "precision low: \(weights.kind) in float32")
    }
    return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
  }

  /// What kind of product a node is, and how it has its weights, if some of its operands are any; nil for nodes without products.
  private static func weights(of request: KernelRequest) -> (kind: String, form: String?)? {
    func constant(_ inputs: Int...) -> String? {
      inputs.contains { request.constant($0)?.dtype == .float32 }
        ? "weights that are float32, or in bits that no kernel multiplies" : nil
    }
    switch request.op {
    case is MatMul, is FusedMatMul, is BlockedProduct:
      return request.constant(1) == nil ? ("a product of two variables", nil) : ("a product", constant(1))
    case let op as BlockedConvolution:
      if op.isDepthwise { return ("a depthwise convolution", constant(1)) }
      if op.readsPlain { return ("a convolution of few channels", constant(1)) }
      if request.has(BlockedConvolution.factors) { return ("a convolution of scaled channels", constant(1)) }
      return (op.convolution.groups > 1 ? "a convolution in groups" : "a convolution", constant(1))
    case is Convolution: return ("a convolution in plain layout", constant(1))
    case is BlockedConvolutionTranspose, is ConvolutionTranspose: return ("a transposed convolution", constant(1))
    case is Bottleneck: return ("joined convolutions", constant(1, 3, 5))
    case is LSTM, is GRU, is RNN: return ("a recurrent layer", constant(1, 2))
    case is FusedAttention: return ("attention", nil)
    default: return nil
    }
  }
}
