import MNNGraph
import MNNKernels
import MNNRuntime

/// The rewriting of a graph that this backend runs: bytes first, then layouts, then fusion.
struct CPUPipeline {
  let processor: Processor
  let settings: ExecutionSettings

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
      [
        .removeDeadNodes,
        // What could not be seen before shapes were known.
        Pass(.foldBatchNormalization),
        Pass(.fuseHardSigmoid),
        Pass(.fuseSelfGate),
        Pass(.fuseGelu),
        Pass(.fuseFakeQuantize),
        Pass(.splitActivation),
      ] + keepingPasses + [
        Pass(.dequantizeWeights),
        // Layouts.
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
        Pass(.fuseAttention),
        Pass(.fuseTransposeOfAttention),
        Pass(.fuseResidual),
        Pass(.fuseActivationIntoConvolution),
        Pass(.fuseBiasIntoProduct),
        Pass(.fuseTransposeIntoProduct),
        Pass(.fuseTransposeOfProduct),
        Pass(.fuseScaleIntoProduct),
        Pass(.fuseActivationIntoProduct),
        Pass(.blockProduct),
        Pass(.fuseResidualIntoProduct),
        Pass(.fuseResidualIntoLayerNorm),
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
      Pass(.fuseBottleneck),
      Pass(.fuseMeans),
      Pass(.useMeans),
      Pass(.fuseFactors),
      .removeDeadNodes,
    ])
  }

  /// What comes after that, when nothing else takes an elementwise operator in.
  var lastPasses: PassPipeline { PassPipeline([Pass(.fuseElementwise(processor)), .removeDeadNodes]) }
}
