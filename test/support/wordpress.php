<?php
/**
 * The functions of WordPress that the plugin calls, with the behaviour that its handbook describes. Reads shortcodes as
 * JSON from standard input and prints the HTML of each: `{ "plugin": path, "editor": bool, "shortcodes": [{…}] }`. With
 * `"tokens": n` it takes a token so many times, and prints these and what was sent to Flashline.
 */

define( 'ABSPATH', '/' );
define( 'FLASHLINE_URL', 'https://news.example' );
define( 'FLASHLINE_KEY', 'fp_0123456789abcdef_x' );
define( 'MINUTE_IN_SECONDS', 60 );
$wish = json_decode( stream_get_contents( STDIN ), true );

function add_action() {}
function add_filter() {}
function wp_enqueue_script() {}
function esc_attr( string $text ): string {
	return htmlspecialchars( $text, ENT_QUOTES );
}
function esc_html( string $text ): string {
	return htmlspecialchars( $text, ENT_QUOTES );
}
function esc_url( string $url ): string {
	return htmlspecialchars( $url, ENT_QUOTES );
}
function __( string $text ): string {
	return $text;
}
function esc_attr__( string $text ): string {
	return esc_attr( $text );
}
function current_user_can( string $right ): bool {
	global $wish;
	return 'edit_posts' === $right && $wish['editor'];
}
function rest_url( string $path ): string {
	return "https://site.example/wp-json/$path";
}
function add_query_arg( array $query, string $url ): string {
	$pairs = array_map( fn( $name, $value ) => "$name=$value", array_keys( $query ), $query );
	return $pairs ? $url . '?' . implode( '&', $pairs ) : $url;
}

function home_url(): string {
	return 'https://site.example:8443/blog';
}
function wp_parse_url( string $url ) {
	return parse_url( $url );
}
function wp_json_encode( array $value ): string {
	return json_encode( $value );
}
$kept  = array();
$asked = array();
function get_transient( string $name ) {
	global $kept;
	return $kept[ $name ] ?? false;
}
function set_transient( string $name, string $value, int $seconds ): void {
	global $kept;
	$kept[ $name ] = $value;
}
function wp_remote_post( string $url, array $request ): array {
	global $asked, $wish;
	$asked[] = array( 'url' => $url ) + $request;
	return array( 'body' => $wish['answer'] );
}
function wp_remote_retrieve_body( array $answer ): string {
	return $answer['body'];
}
class WP_REST_Response {
	public $data;
	public $headers;
	public function __construct( $data, int $status, array $headers ) {
		$this->data    = $data;
		$this->headers = $headers;
	}
}
class WP_Error {
	public $code;
	public function __construct( string $code ) {
		$this->code = $code;
	}
}

require $wish['plugin'];
if ( isset( $wish['tokens'] ) ) {
	$tokens = array_map( 'flashline_token', array_fill( 0, $wish['tokens'], null ) );
	echo json_encode( compact( 'tokens', 'asked' ) );
	exit;
}
echo json_encode( array_map( 'flashline_shortcode', $wish['shortcodes'] ) );
