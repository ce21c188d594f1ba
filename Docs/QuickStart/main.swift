// What the listings of the quick start compute, in their order, in Swift.
//
//     swift run quickstart [MODEL.mnn PICTURE]
//
// Scripts/tests/quickstart compares what it prints with expected.txt.
import Foundation
import MNN

let digits = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Tests/Data/digits").path
let arguments = CommandLine.arguments.dropFirst()
let picture = arguments.dropFirst().first ?? "\(digits)/sample_0_label7.png"

// Before the model: arrays and images.
let x = np.array([[1.0, 2.0], [3.0, 4.0]])
print(x)
let y = x * 2
print(y)

var image = try cv.imread(picture)
image = try cv.resize(image, (224, 224))
image = image[..., .reversed]
print(image.astype(np.float32).mean([0, 1]))

// After it: shapes, and elements as Swift's own types.
print(try x.shape)
print(try y.shape)
print("(\(try y.scalars(as: Float.self).map { "\($0)" }.joined(separator: ", ")))")

// From a model of another framework to `.mnn`: what `mnnconvert -f ONNX --modelFile … --MNNModel …` does.
func convertedDigits() throws -> String {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("digits-\(UUID().uuidString).mnn").path
  try Converter().convert("\(digits)/digits_mobilenet.onnx", format: .onnx, to: path)
  return path
}

/// The class of a picture of a dark digit on white paper.
func inference(_ net: Module, _ path: String) throws -> Int {
  var image = try cv.imread(path, .grayscale)
  image = try cv.resize(image, (32, 32), interpolation: .area)
  image = image.astype(np.float32)
  image = 1 - image / 255
  // [height, width, 1] -> [1, height, width, 1], the axes as the model wants them.
  var input = np.expandDims(image, 0)
  input.setOrder(.NHWC)
  input = input.convert(to: .NCHW)
  let output = try net.forward([input])
  return Int(try np.argmax(output[0]).item(as: Int64.self))
}

let isOwn = arguments.isEmpty
let model = try arguments.first ?? convertedDigits()
let runtime = try RuntimeManager.cpu(threads: 2)
let net = try nn.loadModule(fromFile: model, runtime: runtime, shapeMutable: false)
print("output belongs to class: \(try inference(net, picture))")
if isOwn { try FileManager.default.removeItem(atPath: model) }
