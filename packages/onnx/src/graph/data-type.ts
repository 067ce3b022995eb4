/** Element types of graph values, by the ONNX `TensorProto.DataType` number. */
export const dataTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
} as const;

export type DataType = keyof typeof dataTypes;
