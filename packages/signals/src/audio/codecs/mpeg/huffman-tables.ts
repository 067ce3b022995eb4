/**
 * The Huffman codes of layer III (ISO/IEC 11172-3, table B.7), in ascending order, so that the lengths alone determine
 * the codes: the length of each as a base 36 digit, and its two values as two base 16 digits.
 */
export const huffmanTables: readonly { readonly lengths: string; readonly values: string }[] = [
  // Table 1.
  {
    lengths: '3321',
    values: '11011000',
  },
  // Table 2.
  {
    lengths: '665553331',
    values: '220212212011011000',
  },
  // Table 3.
  {
    lengths: '665553222',
    values: '220212212010110100',
  },
  // Table 5.
  {
    lengths: '8876777766663331',
    values: '33233231130330221221022011011000',
  },
  // Table 6.
  {
    lengths: '7766655554443233',
    values: '33032332301331220212212001111000',
  },
  // Table 7.
  {
    lengths: 'aaaa99998899899887778888777765664331',
    values: '554554533544255215510534504333244214414004233203133130221221022011011000',
  },
  // Table 8.
  {
    lengths: 'bba9aa999889999888788888888666442332',
    values: '555445533544255205155134435033244214410440233213310330220220122111011000',
  },
  // Table 9.
  {
    lengths: '998899888877788777766665566554443333',
    values: '554535535405442552155134435004244233401441233213310330220212212011011000',
  },
  // Table 10.
  {
    lengths: 'bbbbbbaaaaaaabba99aa99aa9aa8899aa99aa888999999888888777766664331',
    values:
      '7767765775664774566537734655546327726407706245350653441771362625521551344316616005502442330414414023' +
      '3203133130221221022011011000',
  },
  // Table 11.
  {
    lengths: 'aaaaaaabbaa999aaaa8899788888999987887788899888888776677654553332',
    values:
      '7767767566477457555665377346455435532772640771177036636044255205156226061661513450433324421441044023' +
      '3213310330222112022011011000',
  },
  // Table 12.
  {
    lengths: 'aa99999998899888888998888899777888888777788777666677655544554333',
    values:
      '7767765775664774655637735527724664177107703663455444060526626116603553255215513443500424421433412332' +
      '4003301331221221022000110110',
  },
  // Table 13.
  {
    lengths:
      'jjihgggggggggghhffggffffffffffggfggeeffffeeeeeeeeeeeffedeeddeedeedeedeeddeecccddddddcddccddddddddddd' +
      'dccddccccddddcddcbccccccccbbbbccbbccbccccbbccbccbccbccaaabbbbbbbbaaaabbabbabbbbaabbaabbbbbb99aaaaabb' +
      '999aa99aaaaaaaaaa8999999aa999889999998788887777766664431',
    values:
      'fefcfdedffefdfeecfdebffbcedcafe9ecddfacdbeeb9ff9eabddb8ff8ccae9e8e7f7ef7daadbccbf66fe85f9dd9f5e7acbb' +
      '4ff4cae6f33f8dd82ff26e9c0fc95eab7dd74ec8d63eb99baa1ff1f0bae5e48c6de3e22e0e1ee1e05dd57cc74d8bb8d49aa9' +
      '6cc63dd37b2dd21db75cc5997ac3a7974bd10dd08aa84cc46bb63c2cc25bb5891cc1980cc0b46aa6793bb3885a2ba569a478' +
      '87947776b21bb10bb0964a3aa359952aa21aa10a68a086499339588567299257753883664774566573199109904884724664' +
      '2882183727177155077036634554266235810880166106605344255205155134435024423314410440233213310330221221' +
      '022011011000',
  },
  // Table 15.
  {
    lengths:
      'ddddcddddddcddcccccccccccccccccccccccddbbccccbbbbbbccbbbbbbbbccbbbbbbbbbbbbbbbbbbbbbbbbbccbbbbbbabbb' +
      'bbbaabbaaaabbaaaaaaabbaaaaabb9aaaaaaaaaaaa9aaaa9aa9aaaaaaaa9999999aa999999aa999999899999999998888999' +
      '99999888888998888888998788777788777776776677666555553443',
    values:
      'ffeffedfeefdcffcdeedbffbceecddaffabeebcddc9ff9eabddb8ff8cc9ee97ff7addabc6fae0fcbf68ee85f9df57ee7acca' +
      'bbd98d4ff43ff3d8e62ff26ef01ff19cc95eabbae57dd74ee48cc83e6dd6e39bb92eaae21ee10ee05dd57cc74d8bd4b89aa9' +
      '6cc63dd3d22d0d1d7bb7d15cd0c58aa84cc46bb6990c3cc37aa7a6c00bc22c5bb51c8998c14bb46a3b79b397882b5ab2a51b' +
      'b1b069964aa478873aa359952aa21aa10aa06886499439937709588529677692911990488457753883664728821881740880' +
      '5665377346277264175571077036634554266216066035615344255215510550344324423341140423324003133130221221' +
      '022011011000',
  },
  // Table 16.
  {
    lengths:
      'bbbbbbbbabbbbaaaaa8aa9999aghhffggeffeeffeeffffeffed89988deeeeeeeeeeddeeeedeedddeeeeddeedeecddddddddd' +
      'dddddcddddddcddccddbcccccccddbccccbccccccccbccbbbbccccccccbccbccbccbccbaabbbbbbaabbaabbbbbbbbabbaaab' +
      'baabbaabba99aaaaaa999aa9aa998999999998899887788766664431',
    values:
      'effedffdcffcbffbaffa9ff9f88f7ff76ff6ff5ff54ff4f3f03fceecdddee9ead9eeedebbecddcdbaeccadda7eaccac97d5e' +
      'bdf22f0f1ff19ebccb8ee89de7bb8dd86ee69cabbae5d74ee48cc83e6dd69bb9aae1d4b8a97bb7d0e30ee05dd57cc74d8b9a' +
      '6cc63d5cc50d8aa8994cb67a3c5b891cc09879e22e1ed32dd2d13b97881dc46bc3a72cc2b5c10c4bb46aa6b35aa52bb21bb1' +
      '0bb069964aa47887a33a592a9568a1867794495767a21a0aa039935885299276091991904884753883662882477418818008' +
      '5637736546277264550717717036634554266216610660533544255251150534435024423314410440233213310330221221' +
      '022011011000',
  },
  // Table 24.
  {
    lengths:
      '888888887887788777777777777889bbbbbbbbbbbbbbbbbbbbbbbbbbbb4bbbbccbabbaaaabbaaaabbaaaaaaaaaaaaaaaaaaa' +
      'aaaaaaaaaaaaaaaaaaaabbaaaaaaaaaaaaabbabba9aaaabba99aa9aaaa99aa999999999999999999999999999999999999aa' +
      '999aa899888888888888899888888997887777788776677655664444',
    values:
      'effedffdcffcbffbfaaf9ff9f88f7ff76ff65ff54ff43ff32ff2f11ff00feedeedceecddbeebcddcaeeabddbcc9ee9addabc' +
      'cb8ee89dd97ee7acffcabb8dd80ee00de66e9cc95ebae5ab7dd7e48cc84e2e3e6dd6e39bb9aae21ee15dd57cc74d8bb8d49a' +
      'a96cc63dd32dd21d7bb7d15cc58aa8994cc46bb6d00c3cc37aa72cc25bb51c8998c14bc00b3bb00a1ab46aa67997a00990b3' +
      '882b5ab2a51bb16996a44a78873aa359952aa2a1688677499439935885296776921991488457753883662882184774810880' +
      '5665170770733727724664557136634554266216610660355344255215055051344324423314410440233213310330221221' +
      '022011011000',
  },
];

/**
 * For each table that a granule may choose: its index in the list, or -1 for no code at all, and its number of linear
 * bits.
 */
export const tableChoices: readonly (readonly [table: number, linearBits: number])[] = [
  ...[-1, 0, 1, 2, -1, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1, 12].map((table) => [table, 0] as const),
  ...[1, 2, 3, 4, 6, 8, 10, 13].map((bits) => [13, bits] as const),
  ...[4, 5, 6, 7, 8, 9, 11, 13].map((bits) => [14, bits] as const),
];
