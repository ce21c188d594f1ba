import Foundation
import MNNConvert
import Testing

/// Files of a few hundred bytes whose sizes, strides and offsets are near what machine integers hold.
@Suite struct HostileFileTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Data/hostile").path

  @Test(arguments: [
    "nodata_2p58_t1.onnx", "raster_const.mnn", "raster_trap3.mnn", "raster_wrap_write.mnn",
  ])
  func isAnError(name: String) throws {
    let converter = Converter()
    let format: ModelFormat = name.hasSuffix(".onnx") ? .onnx : .mnn
    #expect(throws: ImportError.self) {
      var graph = try converter.graph(contentsOf: "\(Self.folder)/\(name)", format: format)
      try converter.simplify(&graph, from: format)
    }
  }
}
