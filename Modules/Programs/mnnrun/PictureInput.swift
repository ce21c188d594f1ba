import MNNCV
import MNNGraph
import ProgramSupport

/// A picture as a model's input.
struct PictureInput {
  /// `value = pixel * scale + offset`, with pixels from 0 to 255.
  var scale: Float
  var offset: Float

  /// The picture at `path`, shrunk to what the input takes, with its channels: 1 gray, 3 RGB, 4 RGBA. Nil if it is no picture.
  ///
  /// - Parameter type: `[1, channels, height, width]`, or `[1, height, width, channels]` if only that can be.
  func tensor(_ path: String, name: String, type: TensorType) throws -> Tensor? {
    guard [".png", ".jpg", ".jpeg"].contains(where: { path.lowercased().hasSuffix($0) }) else { return nil }
    let sizes = type.shape.dimensions.map { $0.value ?? 1 }
    let formats: [Int: PixelFormat] = [1: .gray, 3: .rgb, 4: .rgba]
    guard sizes.count == 4, sizes[0] == 1 else {
      throw ProgramError("input \"\(name)\" takes no picture: expected [1, channels, height, width], found \(type)")
    }
    let channelsFirst = formats[sizes[1]] != nil
    let (height, width) = channelsFirst ? (sizes[2], sizes[3]) : (sizes[1], sizes[2])
    let channels = channelsFirst ? sizes[1] : sizes[3]
    guard let format = formats[channels] else {
      throw ProgramError("input \"\(name)\" takes no picture: expected 1, 3 or 4 channels, found \(channels)")
    }
    let image = try cv.resize(cv.imread(path, ReadMode(format)), (width, height), interpolation: .area)
    let values = try image.scalars(as: Float.self).map { $0 * scale + offset }
    guard channelsFirst else {
      return try Tensor(shape: [1, height, width, channels], scalars: values).converted(to: type.dtype)
    }
    let area = height * width
    let planes = (0..<values.count).map { values[$0 % area * channels + $0 / area] }
    return try Tensor(shape: [1, channels, height, width], scalars: planes).converted(to: type.dtype)
  }
}
