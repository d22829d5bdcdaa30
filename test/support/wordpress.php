<?php
/**
 * The functions of WordPress that the plugin calls, with the behaviour that its handbook describes. Reads shortcodes as
 * JSON from standard input and prints the HTML of each: `{ "plugin": path, "editor": bool, "shortcodes": [{…}] }`.
 */

define( 'ABSPATH', '/' );
define( 'FLASHLINE_URL', 'https://news.example' );
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

require $wish['plugin'];
echo json_encode( array_map( 'flashline_shortcode', $wish['shortcodes'] ) );
