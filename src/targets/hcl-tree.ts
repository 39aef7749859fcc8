/** What an attribute of a bake file says, before variables are known. */
export type HclExpression =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly (string | HclExpression)[] }
  | { readonly kind: 'list'; readonly items: readonly HclExpression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [HclExpression, HclExpression])[] }
  | { readonly kind: 'name'; readonly path: readonly string[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: HclExpression; readonly right: HclExpression }
  | { readonly kind: 'choice'; readonly test: HclExpression; readonly yes: HclExpression; readonly no: HclExpression }
  /** A function call, an index, a `for`: not modelled. */
  | { readonly kind: 'opaque' };

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly attributes: ReadonlyMap<string, { readonly value: HclExpression; readonly offset: number }>;
  readonly blocks: readonly HclBlock[];
  readonly offset: number;
}
