import MNNGraph
import MNNKernels
import MNNRuntime

/// The rewriting of a graph that this backend runs: bytes first, then layouts, then fusion.
struct CPUPipeline {
  let processor: Processor
  let settings: ExecutionSettings
  let claims: Claim

  /// Keeps quantized tensors in bytes where the kernels can: runs first.
  var bytePasses: PassPipeline {
    PassPipeline([
      .removeDeadNodes,
      Pass(.quantizeConvolution),
      Pass(.quantizeProduct),
      Pass(.quantizeSum),
      Pass(.quantizeMean),
      Pass(.reshapeBytes),
      Pass(.convolveBytes),
      Pass(.multiplyBytes),
      Pass(.cancelByteImage),
      Pass(.quantizeImage),
      Pass(.dequantizeImage),
      .mergeCommonNodes,
      .removeDeadNodes,
    ])
  }

  var passes: PassPipeline {
    let block = processor.block
    return PassPipeline(
      PassPipeline.spellings(claims) + keepingPasses + [Pass(.dequantizeWeights)]
        + PassPipeline.invertedResiduals(InvertedResidual.claims(processor)) + [
          // Layouts.
          Pass(blockInvertedResidual(processor)),
          Pass(blockConvolution(processor)),
          Pass(blockConvolutionTranspose(processor)),
          Pass(.cancelBlocking),
          Pass(.sinkUnblocking(block: block)),
          Pass(.sinkUnblockingBelowPool),
          Pass(.sinkUnblockingBelowGlobalPool),
          Pass(.sinkUnblockingBelowConcat(block: block)),
          Pass(.sinkUnblockingBelowResize),
          Pass(.gatherChannels),
          Pass(.unblockToChannelsLast),
          Pass(.blockFromChannelsLast),
          Pass(.blockLayerNorm),
          Pass(.unblockFromChannelsLast),
          // Fusion.
        ] + PassPipeline.attention(claims) + [
          Pass(.fuseResidual),
          Pass(.fuseActivationIntoConvolution),
          Pass(.fuseBiasIntoProduct(claims)),
          Pass(.fuseTransposeIntoProduct(claims)),
          Pass(.fuseTransposeOfProduct(claims)),
          Pass(.fuseScaleIntoProduct(claims)),
          Pass(.fuseActivationIntoProduct(claims)),
          Pass(.blockProduct),
          Pass(.fuseActivationIntoBlockedProduct),
          Pass(.fuseResidualIntoBlockedProduct),
          Pass(.fuseResidualIntoProduct(claims)),
          Pass(.fuseResidualIntoLayerNorm(claims)),
          Pass(.unblockLayerNorm),
          .removeDeadNodes,
        ])
  }

  /// What `memory: low` asks for, before weights become floats.
  private var keepingPasses: [Pass] {
    settings.memory == .low ? [Pass(.keepProductWeights), Pass(.keepTable), Pass(.keepConvolutionWeights(processor))] : []
  }

  /// Joins convolutions whose own epilogues are settled: runs after ``passes``.
  var joiningPasses: PassPipeline {
    PassPipeline([
      Pass(.fuseMeans),
      Pass(.useMeans),
      Pass(.fuseFactors),
      .removeDeadNodes,
    ])
  }
}
