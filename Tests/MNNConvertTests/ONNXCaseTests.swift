import Foundation
import Testing

@testable import MNNConvert

@Suite("ONNX operator cases")
struct ONNXCaseTests {
  private static var folder: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data/cases").path
  }

  /// Operators that no translator knows yet.
  private static let gaps: Set<String> = [
    "test_affine_grid_2d",
    "test_attention_bidirectional_window",
    "test_basic_deform_conv_without_padding",
    "test_bitcast_scalar_float32_to_int32",
    "test_blackmanwindow",
    "test_causal_conv_with_state_b1_c1_degenerate",
    "test_center_crop_pad_crop_axes_chw",
    "test_col2im",
    "test_cumprod_2d_int32",
    "test_det_2d",
    "test_dft_rfft_opset19",
    "test_einsum_scalar",
    "test_gridsample_bicubic",
    "test_hammingwindow",
    "test_hannwindow",
    "test_linear_attention_linear_t1_no_past",
    "test_maxunpool_export_without_output_shape",
    "test_melweightmatrix",
    "test_nonmaxsuppression_single_box",
    "test_roialign_aligned_true",
    "test_rotary_embedding_no_position_ids_rotary_dim",
    "test_stft",
    "test_swiglu_float16",
    "test_tensorscatter",
  ]

  @Test("imported operators mean what the ONNX package computes", arguments: ONNXCase.all(in: folder))
  func committed(_ one: ONNXCase) {
    switch one.run() {
    case .passed: #expect(!Self.gaps.contains(one.name), "a gap that was closed: take it off the list")
    case .refused where Self.gaps.contains(one.name): break
    case let outcome: Issue.record("\(outcome)")
    }
  }

  /// `MNN_ONNX_CASES=FOLDER swift test --filter ONNXCaseTests` runs a whole suite and prints what does not pass.
  @Test("a whole suite, on request", .enabled(if: ProcessInfo.processInfo.environment["MNN_ONNX_CASES"] != nil))
  func suite() {
    let environment = ProcessInfo.processInfo.environment
    let cases = ONNXCase.all(in: environment["MNN_ONNX_CASES"] ?? "").filter { one in
      environment["MNN_ONNX_FILTER"].map { one.name.contains($0) } ?? true
    }
    var passed = 0
    for one in cases {
      FileHandle.standardError.write(Data("\(one.name)\n".utf8))
      switch one.run() {
      case .passed: passed += 1
      case let outcome: print("CASE \(one.name) \(outcome)")
      }
    }
    print("CASES \(passed) of \(cases.count) pass")
  }
}
